import * as client from "./client.js";
import * as errors from "./error.js";
import { hydrate as takeOver } from "./hydration.js";
import { observeRequests } from "./page.js";

export { parseInvalidateHeader } from "./client.js";
export { InvalidHeader } from "./error.js";

type Shared = ReturnType<typeof begin>;

/** The package's major and minor version: patches of it have the same names. */
declare const MIZAN_VERSION: string;

/** A process that serves many people has no place that all copies of the package know. */
const page = (typeof document === "object" ? globalThis : {}) as { [key: symbol]: Shared };

/**
 * What index.ts describes, as it is built: in a page, however many copies of the package it has loaded,
 * what has to do with the cache is that of the first one.
 */
export const [
  configure,
  contextKey,
  InvalidKey,
  invalidate,
  MizanError,
  mizanCall,
  mizanFetch,
  registerContext,
  hydrate,
  // biome-ignore lint/suspicious/noAssignInExpressions: whoever comes first sets it
] = (page[Symbol.for(`mizan ${MIZAN_VERSION}`)] ??= begin());

function begin() {
  // When the package is loaded, not when it is first used: a request that is under way then may already
  // be changing what the first context is going to show.
  observeRequests();
  return [
    client.configure,
    client.contextKey,
    errors.InvalidKey,
    client.invalidate,
    errors.MizanError,
    client.mizanCall,
    client.mizanFetch,
    client.registerContext,
    takeOver,
  ] as const;
}
