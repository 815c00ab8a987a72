import { TextDecoder, TextEncoder } from "./encoding.js";
import { instantiate, type Source } from "./inline.js";

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
export function load<E extends Exports>(source: Source): Module<E> {
  let instance: E | undefined;

  function exports(): E {
    instance ??= instantiate(source) as unknown as E;
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
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      try {
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
