import { clear, peek } from "./cache.js";
import * as client from "./client.js";
import { settings } from "./configuration.js";
import { leavePage } from "./page.js";
import { configure } from "./shared.js";
import { readList } from "./spec.js";
import { endSession } from "./transport.js";
import type { Configuration, Params } from "./types.js";

/** What a test server has to know of the runtime. */
export interface Runtime {
  /** The present settings themselves. They stay what they are. */
  readonly settings: Configuration & { readonly baseUrl: string };
  /** The params of a key, each of the type that it was said with; the key alone has texts. */
  paramsOf(key: string): Params;
}

/**
 * For tests: begins anew, as a page does that has just been loaded, but for the settings. From then on it is the
 * only tab. Bundlers leave this out of every page.
 */
export function reset(): Runtime {
  if (configure !== client.configure) {
    // What has to do with the cache is that copy's (see shared.ts), and out of reach.
    throw new Error(
      "Before this copy of @mizan/runtime, the page has loaded another one, which stays in charge: load it once",
    );
  }
  leavePage();
  endSession();
  clear();
  return { settings, paramsOf };
}

function paramsOf(key: string): Params {
  // Where nothing is remembered, nobody knows what it was said with.
  const spec = peek(key)?.specs[0];
  const { params } = Object(readList(key)[0]) as { params?: Record<string, string> };
  return Object.fromEntries(
    Object.entries(params ?? {}).map(([name, text]) => {
      const isText = spec ? spec.includes(`;${name}=%`) : `${Number(text)}` !== text;
      const value = text === "true" || (text === "false" ? false : isText ? text : Number(text));
      return [name, value];
    }),
  );
}
