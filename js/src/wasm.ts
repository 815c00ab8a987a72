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
  /** Writes a text, and makes a call that takes it. Nothing comes back from a call that has trapped. */
  call(text: string, call: (exports: E) => number): number | undefined;
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
    call(text, call) {
      const ready = exports();
      const bytes = new TextEncoder().encode(text);
      try {
        const at = ready.input(bytes.length);
        new Uint8Array(ready.memory.buffer, at).set(bytes);
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
      const answer = module.call(text, call) ?? module.call(text, call);
      if (!answer) {
        throw new Error("WebAssembly has broken down");
      }
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
 * Where that stands which an instruction is about, for each up to 66: nowhere, among the instructions,
 * depths, locals, offsets or constants.
 */
const PARTS = `00111${"0".repeat(7)}222011${"0".repeat(14)}33311000${"4".repeat(23)}0055`;

/** The module that js/pack.mjs made a text of. Its parts are read from back to front. */
export function unpack(text: string): Uint8Array<ArrayBuffer> {
  const parts = text.split("~").map((part) => {
    const bytes: number[] = [];
    let high = 0;
    for (const letter of part) {
      const low = letter.charCodeAt(0) - 35 - Number(letter > "[");
      if (low < 0) {
        high = (low + 4) * 90;
      } else {
        bytes.push(high + low);
        high = 0;
      }
    }
    return bytes.reverse();
  });
  const module: number[] = [];
  let body = module;
  const take = (part: number) => {
    let byte: number;
    do {
      byte = (parts[part] as number[]).pop() as number;
      body.push(byte);
    } while (byte > 127);
    return byte;
  };
  const all = (part: number) => {
    while ((parts[part] as number[]).length) {
      take(part);
    }
  };
  all(7);
  while ((parts[6] as number[]).length) {
    body = [];
    for (let left = take(6) * 2; left; left--) {
      take(6);
    }
    for (let depth = 1; depth; ) {
      const byte = (parts[1] as number[]).pop() as number;
      body.push(byte);
      depth += byte > 1 && byte < 5 ? 1 : byte === 11 ? -1 : 0;
      const part = byte > 251 ? 1 : PARTS.charCodeAt(byte) & 7;
      if (part === 4) {
        body.push(0);
      }
      for (let left = byte === 14 ? take(part) : part ? 0 : -1; left >= 0; left--) {
        take(part);
      }
    }
    let { length } = body;
    for (; length > 127; length >>= 7) {
      module.push((length & 127) | 128);
    }
    module.push(length, ...body);
  }
  body = module;
  all(0);
  return new Uint8Array(module);
}
