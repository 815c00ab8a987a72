import { InvalidKey } from "./error.js";
import type { Invalidation, Params } from "./types.js";

/**
 * A key as the machine takes it (core/src/spec.rs): the names and values as they are, each value marked with
 * its kind. Which names and values are legal, and in which order they stand, the machine knows.
 */
export function keySpec(context: string, params?: Params | null): string {
  let spec = typeof context === "string" && context ? encode(context) : "!";
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value != null) {
      const kind = typeof value;
      spec += `;${encode(name)}=`;
      if (kind === "number" || kind === "bigint") {
        spec += `#${value}`;
      } else {
        spec += kind === "string" || kind === "boolean" ? `%"${encode(String(value))}"` : "!";
      }
    }
  }
  return spec;
}

/** Several invalidations as the machine takes them. What is no invalidation, the machine refuses. */
export function listSpec(list: unknown): string {
  return Array.isArray(list) ? list.map(memberSpec).join() : list == null ? "" : "!";
}

/** The invalidations that the machine's comma-separated keys say. */
export function readList(keys: string): Invalidation[] {
  return keys ? keys.split(",").map(readKey) : [];
}

function memberSpec(member: Invalidation): string {
  try {
    const { context, params } = Object(member) as { context: string; params?: Params };
    return typeof member === "string" ? keySpec(member) : keySpec(context, params);
  } catch {
    return "!";
  }
}

function readKey(key: string): Invalidation {
  const [context, query] = key.split("?") as [string, string?];
  if (query === undefined) {
    return context;
  }
  const pairs = query.split("&").map((pair) => pair.split("=").map(decodeURIComponent));
  return { context, params: Object.fromEntries(pairs) };
}

function encode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw new InvalidKey("a lone surrogate is no text");
  }
}
