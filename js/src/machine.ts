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
  Schema = "o",
  Revalidate = "p",
  Restored = "q",
  Tick = "r",
}

/** Something to do: what, of which entry or call, a detail, a text (src/outputs.rs). */
export type Output = [kind: number, number: number, detail: number, text: string];

/** Texts that belong to what happened: identity or nonce, schema, header, list. */
export type Texts = readonly (string | null | undefined)[];

const machine = load<InitOutput>(packed);

/** Tells the machine what happened. Gives back what to do. */
export function tellMachine(
  input: Input,
  number: number,
  texts: Texts,
  fetch: number,
  status: number,
): Output[] {
  // A line feed can only come out of a cookie. No header can be read that has the other one, either.
  machine.write(texts.map((text) => text?.replaceAll("\n", "\r") ?? "").join("\n"));
  const at = machine.exports().tell(Date.now(), input.charCodeAt(0), number, fetch, status);
  const [count] = machine.words(at, 1) as unknown as [number];
  const words = machine.words(at + 4, count);
  const outputs: Output[] = [];
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

/**
 * Compares a body with the print of an older one. Gives back the body's own print and a plan: steps of
 * two numbers (core/src/body.rs). Both are empty where the two bodies are the same.
 */
export function compareBodies(
  old: Uint8Array,
  body: Uint8Array,
): [print: Uint8Array, plan: Uint32Array] {
  const { compare, input, memory } = machine.exports();
  const at = input(old.length + body.length);
  const room = new Uint8Array(memory.buffer, at);
  room.set(old);
  room.set(body, old.length);
  const head = machine.words(compare(old.length), 4);
  const [print, length, plan, steps] = head as unknown as [number, number, number, number];
  return [new Uint8Array(memory.buffer, print, length * 8).slice(), machine.words(plan, steps * 2)];
}

/** The handle of the context that a spec says, which must be a legal one. */
export function openContext(spec: string): number {
  machine.write(spec);
  return machine.exports().open(Date.now());
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
