import { decoder } from "./encoding.js";
import { instantiate, type Source } from "./inline.js";

/** What every module of ours exports (src/exchange.rs), beside what it is there for. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly input: (length: number) => number;
}

/** One thing that is said, as three numbers (core/src/wire.rs). */
export type Output = readonly [kind: number, number: number, detail: number];

/** What a call says, and the text that belongs to it. */
export type Said = readonly [outputs: readonly Output[], text: string];

/** A module, and how texts cross to it and back. */
export interface Module {
  /** Makes a call that takes a text and numbers. Nothing comes back from one that has trapped. */
  tell(text: string, kind?: number, numbers?: readonly number[]): Said | undefined;
}

/** Stands for each letter that is not ASCII: no text that a module understands has one, or this. */
const DELETE = 127;

/**
 * A module that is instantiated when it is first needed, and then at once: a page need not wait for
 * anything before it uses the runtime. Nothing of wasm-bindgen's glue is needed but the types.
 *
 * @param onTrap called when the module has trapped, with why: whatever it knew is lost, and the next call
 * finds it as new.
 */
export function load<E extends Exports>(
  source: Source,
  call: (exports: E, kind: number, numbers: readonly number[]) => number,
  onTrap?: (cause: unknown) => void,
): Module {
  let instance: E | undefined;
  let bytes = new Uint8Array();
  let words = new Uint32Array();

  /** Looks at the memory, which is another one when it has grown. */
  const look = ({ memory: { buffer } }: E) => {
    if (buffer !== bytes.buffer) {
      bytes = new Uint8Array(buffer);
      words = new Uint32Array(buffer);
    }
  };

  const word = (at: number) => words[at] as number;

  return {
    tell(text, kind = 0, numbers = []) {
      instance ??= instantiate(source) as unknown as E;
      const { length } = text;
      try {
        if (length) {
          const from = instance.input(length);
          look(instance);
          for (let at = 0; at < length; at++) {
            bytes[from + at] = Math.min(text.charCodeAt(at), DELETE);
          }
        }
        const head = call(instance, kind, numbers) / 4;
        look(instance);
        const outputs: Output[] = [];
        for (let at = word(head) / 4; outputs.length < word(head + 1); at += 3) {
          outputs.push([word(at), word(at + 1), word(at + 2)]);
        }
        const from = word(head + 2);
        const to = from + word(head + 3);
        return [outputs, from < to ? decoder.decode(bytes.subarray(from, to)) : ""];
      } catch (cause) {
        // Nobody knows how far it came: what is left of the instance must not be used.
        instance = undefined;
        onTrap?.(cause);
        return undefined;
      }
    },
  };
}

/**
 * What a call of a module answers that takes a text: a number, and a text.
 *
 * @throws Failure with what is wrong.
 */
export function ask(
  { tell }: Module,
  Failure: new (message: string) => Error,
  text: string,
  kind?: number,
): [number: number, text: string] {
  // What an instance refuses to say that has broken, a new one says.
  const said = tell(text, kind) ?? tell(text, kind);
  if (!said) {
    throw new Error("WebAssembly has broken down");
  }
  const [[output], answer] = said;
  const [ok, number] = output as Output;
  if (!ok) {
    throw new Failure(answer);
  }
  return [number, answer];
}
