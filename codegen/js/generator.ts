// The generator is Rust compiled to wasm: what arguments mean, what is generated and what is to be
// written is decided there (codegen/src). Here are the types of what goes in and comes out.
import { readFileSync } from "node:fs";
import type { Options, SourceFile } from "./index.js";
import * as wasm from "./mizan_codegen.js";

/** What the arguments ask for. */
export type Command = { do: "print"; text: string } | ({ do: "generate" } & InnerJob);

/** Where a schema document is. */
export type Source = "stdin" | { file: string } | { url: string };

export type InnerOptions = Pick<Options, "extension" | "single" | "strings" | "dates">;

/** What to generate, and from what. */
export interface InnerJob {
  schema: Source;
  out?: string | undefined;
  manifest?: string | undefined;
  check?: boolean;
  watch?: boolean;
  options: InnerOptions;
}

/** What there is before anything is written. */
export interface Existing {
  files: SourceFile[];
  manifest: string | undefined;
}

/** What is to be done. */
export interface Plan {
  write: SourceFile[];
  remove: string[];
  manifest: string | undefined;
}

let loaded: typeof wasm | undefined;

/** The generator; compiled when it is first needed. */
export function generator(): typeof wasm {
  if (!loaded) {
    wasm.initSync({ module: readFileSync(new URL("mizan_codegen_bg.wasm", import.meta.url)) });
    loaded = wasm;
  }
  return loaded;
}

/** Only what is given: to the generator, `undefined` is no switch. */
export function given(options: Options): InnerOptions {
  const { extension, single, strings, dates } = options;
  return {
    ...(extension && { extension }),
    ...(single && { single }),
    ...(strings && { strings }),
    ...(dates && { dates }),
  };
}
