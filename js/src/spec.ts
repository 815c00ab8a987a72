import { InvalidKey } from "./error.js";
import type { Invalidation, Params } from "./types.js";

/** How a value is marked, by its type. Any other is marked as no value. */
const KINDS: Record<string, string> = { number: "#", bigint: "#", string: '%"', boolean: '%"' };

/**
 * A key as the machine takes it (core/src/spec.rs): the names and values as they are, each value marked with
 * its kind. Which names and values are legal, and in which order they stand, the machine knows.
 */
export function keySpec(context: string, params?: Params | null): string {
  let spec = typeof context === "string" && context ? encode(context) : "!";
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value != null) {
      const kind = KINDS[typeof value] ?? "!";
      // No object is asked what it is as a text; numbers need no escape.
      const text = kind === "#" ? value : kind === "!" ? "" : `${encode(String(value))}"`;
      spec += `;${encode(name)}=${kind}${text}`;
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
    const { context = member, params } = Object(member) as { context?: string; params?: Params };
    return keySpec(context as string, params);
  } catch {
    return "!";
  }
}

function readKey(key: string): Invalidation {
  const [context, query] = key.split("?") as [string, string?];
  const pairs = query?.split("&").map((pair) => pair.split("=").map(decodeURIComponent));
  return pairs ? { context, params: Object.fromEntries(pairs) } : context;
}

function encode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw new InvalidKey("a lone surrogate is no text");
  }
}
