// The generator (codegen/src/wasm.rs), as wasm-bindgen wraps it.
import type { Command, Existing, InnerJob, InnerOptions, Plan } from "./generator.js";
import type { SourceFile } from "./index.js";

export function initSync(options: { module: Uint8Array }): void;
export function parse(args: string[]): Command;
export function plan(schema: Uint8Array, job: InnerJob, existing: Existing): Plan;
export function differences(schema: Uint8Array, job: InnerJob, existing: Existing): string;
export function generate(schema: Uint8Array, name: string, options: InnerOptions): SourceFile[];
export function manifest(schema: Uint8Array, name: string): string;
