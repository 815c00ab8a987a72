import type { InitOutput } from "mizan-wasm/glue/machine";
import packed from "mizan-wasm/machine";

import { breakDown } from "./cache.js";
import { InvalidHeader, InvalidKey } from "./error.js";
import { join, type Texts } from "./texts.js";
import { ask, load, type Said } from "./wasm.js";

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

const begin = () =>
  load(
    packed,
    ({ tell }: InitOutput, input, numbers) => {
      // What is missing is 0. What is more than the machine can count is cut off; WebAssembly itself would begin
      // again at 0.
      const counts = numbers.map((number) => Math.min(number, 2 ** 32 - 1));
      return tell(Date.now(), input, ...(counts as [number, number, number, number]));
    },
    breakDown,
  );

export let machine = begin();

/** The next thing that is told or asked finds a machine that knows nothing. */
export function renewMachine(): void {
  machine = begin();
}

/** Tells the machine what happened. Gives back what to do; nothing if it has broken down. */
export function tellMachine(
  input: Input,
  numbers: readonly number[],
  texts: Texts,
): Said | undefined {
  return machine.tell(join(texts), input, numbers);
}

/**
 * The entry of the context that a spec says, and its key as canonical text.
 *
 * @throws InvalidKey
 */
export function openContext(spec: string): [handle: number, key: string] {
  return ask(machine, InvalidKey, spec, Input.Open);
}

/**
 * The key that a spec says, as canonical text.
 *
 * @throws InvalidKey
 */
export function keyText(spec: string): string {
  return ask(machine, InvalidKey, spec, Input.Key)[1];
}

/**
 * The members of a header, as canonical texts joined by commas.
 *
 * @throws InvalidHeader
 */
export function parseHeader(header: string): string {
  return ask(machine, InvalidHeader, header, Input.Parse)[1];
}
