import { TextDecoder, TextEncoder } from "./encoding.js";
import { instantiate, type Source } from "./inline.js";

/** What every module of ours exports (src/exchange.rs), beside what it is there for. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly input: (length: number) => number;
}

/** What is said: three numbers (core/src/wire.rs), and a text that may belong to them. */
export type Output = [kind: number, number: number, detail: number, text: string];

/** A module, and how texts cross to it and back. */
export interface Module<E extends Exports> {
  /**
   * Called when the module has trapped, with why: whatever it knew is lost, and the next call finds it
   * as new.
   */
  onTrap?: (cause: unknown) => void;
  /** Writes a text, and makes a call that takes it. Nothing comes back from a call that has trapped. */
  call(text: string, call: (exports: E) => number): number | undefined;
  /** What a call says that takes a text; nothing if it has trapped. */
  tell(text: string, call: (exports: E) => number): Output[] | undefined;
  /**
   * What a call answers that takes a text: 1, a number or two, and a text.
   *
   * @throws Failure with what is wrong.
   */
  ask(text: string, call: (exports: E) => number, Failure: new (message: string) => Error): Output;
}

const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder();

/**
 * A module that is instantiated when it is first needed, and then at once: a page need not wait for
 * anything before it uses the runtime. Nothing of wasm-bindgen's glue is needed but the types.
 */
export function load<E extends Exports>(source: Source): Module<E> {
  let instance: E | undefined;
  let view = new Uint32Array();

  function exports(): E {
    instance ??= instantiate(source) as unknown as E;
    return instance;
  }

  const word = (at: number) => view[at / 4] as number;

  const module: Module<E> = {
    tell(text, call) {
      const head = module.call(text, call);
      if (head) {
        const { buffer } = exports().memory;
        // It is another one when the memory has grown.
        if (buffer !== view.buffer) {
          view = new Uint32Array(buffer);
        }
        const at = word(head);
        const end = at + word(head + 4) * 12;
        const length = word(head + 12);
        const said = length ? decoder.decode(new Uint8Array(buffer, word(head + 8), length)) : "";
        const outputs: Output[] = [];
        for (let next = at; next < end; next += 12) {
          outputs.push([word(next), word(next + 4), word(next + 8), said]);
        }
        return outputs;
      }
      return undefined;
    },
    call(text, call) {
      const ready = exports();
      const bytes = encoder.encode(text);
      try {
        if (text) {
          const at = ready.input(bytes.length);
          new Uint8Array(ready.memory.buffer, at).set(bytes);
        }
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
      const [answer] = module.tell(text, call) ?? module.tell(text, call) ?? [];
      if (!answer) {
        throw new Error("WebAssembly has broken down");
      }
      if (!answer[0]) {
        throw new Failure(answer[3]);
      }
      return answer;
    },
  };
  return module;
}
