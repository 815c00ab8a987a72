import type { InitOutput } from "mizan-wasm/glue/machine";
import packed from "mizan-wasm/machine";

import { InvalidHeader, InvalidKey } from "./error.js";
import { load } from "./wasm.js";

/** What can be told to the machine: the letters of `tell` in src/machine.rs. */
export enum Input {
  Subscribe = "a",
  Unsubscribe = "b",
  Read = "c",
  Unread = "d",
  Refetch = "e",
  Fetched = "f",
  Call = "g",
  CallAnswered = "h",
  CallLost = "i",
  Seen = "j",
  Cookie = "k",
  TabInvalidated = "l",
  TabIdentity = "m",
  Invalidate = "n",
  Configure = "o",
  Visible = "p",
  Restored = "q",
  Tick = "r",
  Online = "s",
  Hydrated = "t",
}

/** Something to do: what, of which entry or call, a detail, a text (src/outputs.rs). */
export type Output = [kind: number, number: number, detail: number, text: string];

/** Texts that belong to what happened: identity or nonce, schema, header, list. */
export type Texts = readonly (string | null | undefined)[];

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
  // A line feed can only come out of a cookie. No header can be read that has the other one, either.
  const text = texts.map((text) => text?.replaceAll("\n", "\r") ?? "").join("\n");
  // What is more than the machine can count is cut off; WebAssembly itself would begin again at 0.
  const [number = 0, second = 0, third = 0, fourth = 0] = numbers.map((number) =>
    Math.min(number, 2 ** 32 - 1),
  );
  const kind = input.charCodeAt(0);
  const outputs: Output[] = [];
  const at = machine.call(text, ({ tell }) =>
    tell(Date.now(), kind, number, second, third, fourth),
  );
  if (at === undefined) {
    return undefined;
  }
  const [count] = machine.words(at, 1) as unknown as [number];
  const words = machine.words(at + 4, count);
  for (let next = 0; next < count; next += 4) {
    const [kind, number, detail, length] = words.subarray(next) as unknown as [
      number,
      number,
      number,
      number,
    ];
    outputs.push([kind, number, detail, length ? machine.read(detail, length) : ""]);
  }
  return outputs;
}

/** The handle of the context that a spec says, which must be a legal one; -1 if the machine has broken down. */
export function openContext(spec: string): number {
  return machine.call(spec, ({ open }) => open(Date.now())) ?? -1;
}

/**
 * The key that a spec says, as canonical text.
 *
 * @throws InvalidKey
 */
export function keyText(spec: string): string {
  return machine.ask(spec, (exports) => exports.key(), InvalidKey);
}

/**
 * The members of a header, as canonical texts joined by commas.
 *
 * @throws InvalidHeader
 */
export function parseHeader(header: string): string {
  return machine.ask(header, (exports) => exports.parse(), InvalidHeader);
}
