import type { InitOutput } from "mizan-wasm/glue/machine";
import packed from "mizan-wasm/machine";

import { InvalidHeader, InvalidKey } from "./error.js";
import { load, type Output } from "./wasm.js";

/** What can be told to the machine (core/src/wire.rs), and what can be asked (src/machine.rs). */
export enum Input {
  Subscribe = 0,
  Unsubscribe = 1,
  Read = 2,
  Unread = 3,
  Refetch = 4,
  Fetched = 5,
  Call = 6,
  CallAnswered = 7,
  CallLost = 8,
  Seen = 9,
  Cookie = 10,
  TabInvalidated = 11,
  TabIdentity = 12,
  Invalidate = 13,
  Configure = 14,
  Visible = 15,
  Online = 16,
  Restored = 17,
  Tick = 18,
  Hydrated = 19,
  Open = 20,
  Key = 21,
  Parse = 22,
}

/** Texts that belong to what happened: identity, nonce, id or scope; schema, header, list. */
export type Texts = readonly (string | null | undefined)[];

/** All that an input may have; what is left out is 0. */
type Numbers = [number: number, second: number, third: number, fourth: number];

const machine = load<InitOutput>(packed);

/** Says what to do when the machine has broken. It has forgotten everything then. */
export function onTrap(recover: (cause: unknown) => void): void {
  machine.onTrap = recover;
}

/** Tells the machine what happened. Gives back what to do; nothing if it has broken down. */
export function tellMachine(
  input: Input,
  numbers: readonly number[],
  texts: Texts,
): Output[] | undefined {
  return machine.tell(
    // A line feed can only come out of a cookie. No header can be read that has the other one, either.
    texts.map((text) => text?.replaceAll("\n", "\r")).join("\n"),
    say(input, numbers),
  );
}

/** What is more than the machine can count is cut off; WebAssembly itself would begin again at 0. */
function say(input: Input, numbers: readonly number[] = []) {
  const counts = numbers.map((number) => Math.min(number, 2 ** 32 - 1));
  return ({ tell }: InitOutput) => tell(Date.now(), input, ...(counts as Numbers));
}

/**
 * Compares a body with the print of an older one. Gives back the body's own print and a plan: steps of
 * two numbers (core/src/body.rs). Both are empty where the two bodies are the same; nothing comes back
 * where the machine has broken.
 */
export function compareBodies(
  old: Uint8Array,
  body: Uint8Array,
): [print: Uint8Array, plan: Uint32Array] | undefined {
  const at = machine.call(old, ({ compare }) => compare(old.length), body);
  if (at) {
    const [print, length, plan, steps] = machine.words(at, 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const copy = new Uint8Array(machine.words(print, length * 2).slice().buffer);
    return [copy, machine.words(plan, steps * 2)];
  }
  return undefined;
}

/** The handle of the context that a spec says, which must be a legal one; -1 if the machine has broken down. */
export function openContext(spec: string): number {
  return machine.tell(spec, say(Input.Open))?.[0]?.[1] ?? -1;
}

/**
 * The key that a spec says, as canonical text.
 *
 * @throws InvalidKey
 */
export function keyText(spec: string): string {
  return machine.ask(spec, say(Input.Key), InvalidKey);
}

/**
 * The members of a header, as canonical texts joined by commas.
 *
 * @throws InvalidHeader
 */
export function parseHeader(header: string): string {
  return machine.ask(header, say(Input.Parse), InvalidHeader);
}
