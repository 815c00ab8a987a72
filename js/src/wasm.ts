/** What every module of ours exports (src/exchange.rs), beside what it is there for. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly input: (length: number) => number;
}

/** A module, and how texts cross to it and back. */
export interface Module<E extends Exports> {
  /**
   * Called when the module has trapped, with why: whatever it knew is lost, and the next call finds it
   * as new.
   */
  onTrap?: (cause: unknown) => void;
  /**
   * Writes a text, or bytes and more bytes, and makes a call that takes them. Nothing comes back from a
   * call that has trapped.
   */
  call(
    text: string | Uint8Array,
    call: (exports: E) => number,
    more?: Uint8Array,
  ): number | undefined;
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

  const module: Module<E> = {
    words,
    read,
    call(text, call, more) {
      const ready = exports();
      try {
        const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
        const at = ready.input(bytes.length + (more ?? "").length);
        const room = new Uint8Array(ready.memory.buffer, at);
        room.set(bytes);
        room.set(more ?? [], bytes.length);
        return call(ready);
      } catch (cause) {
        // Nobody knows how far it came: what is left of the instance must not be used.
        instance = undefined;
        module.onTrap?.(cause);
        return undefined;
      }
    },
    ask(text, call, Failure) {
      // What an instance refuses to say that has broken, a new one says.
      const answer = module.call(text, call) ?? (module.call(text, call) as number);
      const [ok, at, length] = words(answer, 3) as unknown as [number, number, number];
      const said = read(at, length);
      if (!ok) {
        throw new Failure(said);
      }
      return said;
    },
  };
  return module;
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
