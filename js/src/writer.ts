import type { InitOutput } from "mizan-wasm/glue/writer";
import packed from "mizan-wasm/writer";

import { InvalidHeader } from "./error.js";
import { listSpec } from "./spec.js";
import type { Invalidation } from "./types.js";
import { ask, load, type Module } from "./wasm.js";

/**
 * A module of its own, for servers and tests: a page that does not write headers does not download it.
 * Loaded inside of the function, because a bundler keeps what is called at the top of a file.
 */
let writer: Module | undefined;

/**
 * Writes the text of `X-Mizan-Invalidate` in at most 4,096 bytes; what does not fit is widened.
 *
 * @throws InvalidHeader with the position of a member that is no invalidation.
 */
export function formatInvalidateHeader(list: readonly Invalidation[]): string {
  writer ??= load(packed, ({ format }: InitOutput) => format());
  return ask(writer, InvalidHeader, listSpec(list))[1];
}
