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

/** Tells the machine what happened. Gives back what to do. */
export function tellMachine(input: Input, numbers: readonly number[], texts: Texts): Output[] {
  // A line feed can only come out of a cookie. No header can be read that has the other one, either.
  const text = texts.map((text) => text?.replaceAll("\n", "\r") ?? "").join("\n");
  const [number = 0, second = 0, third = 0, fourth = 0] = numbers;
  const kind = input.charCodeAt(0);
  const outputs: Output[] = [];
  const at = machine.call(text, ({ tell }) =>
    tell(Date.now(), kind, number, second, third, fourth),
  );
  if (at) {
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
  }
  return outputs;
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

/** The handle of the context that a spec says, which must be a legal one. */
export function openContext(spec: string): number {
  const open = ({ open }: InitOutput) => open(Date.now());
  return machine.call(spec, open) ?? (machine.call(spec, open) as number);
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
