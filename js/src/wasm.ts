/** What every module of ours exports (src/exchange.rs), beside what it is there for. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly input: (length: number) => number;
}

/** A module, and how texts cross to it and back. */
export interface Module<E extends Exports> {
  /** Its exports. They take and give numbers only. */
  exports(): E;
  /** Writes the text that the next call takes. */
  write(text: string): void;
  /** A text in its memory. It is there until the next call. */
  read(at: number, length: number): string;
  /** Numbers in its memory. */
  words(at: number, count: number): Uint32Array;
  /**
   * What a call answers that takes and gives a text.
   *
   * @throws Failure with what is wrong.
   */
  ask(text: string, call: (exports: E) => number, Failure: new (message: string) => Error): string;
}

/**
 * A module that is instantiated when it is first needed, and then at once: a page need not wait for
 * anything before it uses the runtime. Nothing of wasm-bindgen's glue is needed but the types.
 */
export function load<E extends Exports>(packed: string): Module<E> {
  let instance: E | undefined;

  function exports(): E {
    if (!instance) {
      try {
        const module = new WebAssembly.Module(unpack(packed));
        instance = new WebAssembly.Instance(module).exports as unknown as E;
      } catch (cause) {
        const remedy = "allow 'wasm-unsafe-eval' in the script-src of the Content-Security-Policy";
        throw new Error(`WebAssembly is blocked: ${remedy}`, { cause });
      }
    }
    return instance;
  }

  // The buffer is asked for each time: it is another one when the memory has grown.
  const words = (at: number, count: number) => new Uint32Array(exports().memory.buffer, at, count);
  const read = (at: number, length: number) =>
    new TextDecoder().decode(new Uint8Array(exports().memory.buffer, at, length));
  const write = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    const at = exports().input(bytes.length);
    new Uint8Array(exports().memory.buffer, at).set(bytes);
  };

  return {
    exports,
    write,
    read,
    words,
    ask(text, call, Failure) {
      write(text);
      const [ok, at, length] = words(call(exports()), 3) as unknown as [number, number, number];
      const answer = read(at, length);
      if (!ok) {
        throw new Failure(answer);
      }
      return answer;
    },
  };
}

/**
 * The bytes that js/pack.mjs made a text of. The indexes of local variables stand at its end, from back
 * to front, which is why instructions have to be told from their operands here: loads and stores have
 * two; 77855 has a bit for each other one that has one (from 32 on, `>>` counts anew). A wrong guess would
 * cost bytes, not truth: both sides guess alike.
 */
export function unpack(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let start = 0;
  let end = text.length;
  let local: boolean | undefined;
  let operands = 0;
  const next = () => {
    const code = text.charCodeAt(operands && local ? --end : start++);
    return code - 32 - Number(code > 34) - Number(code > 92);
  };
  while (start < end) {
    const first = next();
    const byte = first < 91 ? first : (first - 90) * 91 + next();
    bytes.push(byte);
    if (!operands) {
      local = byte > 31 && byte < 37;
      operands = byte > 39 && byte < 63 ? 2 : byte < 67 ? (77855 >> byte) & 1 : 0;
    } else if (byte < 128) {
      operands--;
    }
  }
  return new Uint8Array(bytes);
}
