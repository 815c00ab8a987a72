// What the script says of what is wrong, and under `data-debug` of what it does.
import { dispatch } from "./announcement.js";
import { attribute, type Fragment, fragments } from "./fragments.js";
import { pathOf } from "./host.js";
import type { Failure } from "./htmx.js";
import { isOwnOrigin } from "./page.js";

/** The names of the params by the context; what is known only while developing. */
let contexts: Record<string, readonly string[]> | null = null;
let isDebugging = false;
let hasWarned = false;

/** Begins to log. `known` is JSON of the contexts that the server has, or empty. */
export function debug(known: string): void {
  isDebugging = true;
  contexts = JSON.parse(known || "null");
}

/** Tells of an error: the page, and the console. */
export function fail(failure: Failure): void {
  console.error(`Mizan: ${failure.message}`, failure.element ?? "");
  dispatch("error", failure);
}

/** Says what happens, where somebody wants to know. */
export function log(...what: readonly unknown[]): void {
  if (isDebugging) {
    console.log("Mizan:", ...what);
  }
}

/** Says what was invalidated, and which fragments are stale now. */
export function logInvalidation(source: number, text: string): void {
  if (isDebugging) {
    const says = ["call", "header", "cookie", "tab", "invalidate()", "restored"][source & 7];
    const [stale, fresh]: [Element[], Element[]] = [[], []];
    for (const element of fragments.keys()) {
      (element.hasAttribute("mizan-stale") ? stale : fresh).push(element);
    }
    log(says, text, { stale, fresh });
  }
}

/** Warns of a fragment that can never be refreshed. */
export function inspect({ element, text }: Fragment): void {
  if (isDebugging && attribute(element, "src") == null && pathOf(element) == null) {
    console.warn("Mizan: neither mizan-src nor hx-get", element);
  }
  // What is in strings separates nothing.
  for (const member of contexts ? text.replace(/"(\\.|[^"])*"/g, "").split(",") : []) {
    const [context, ...params] = member.split(";").map((part) => part.replace(/=.*/, "").trim());
    const names = contexts?.[context as string];
    const unknown = names ? params.find((param) => !names.includes(param)) : context;
    if (unknown && unknown !== "*") {
      console.warn(`Mizan: the server knows no ${unknown} in`, element);
    }
  }
}

/** An answer to an unsafe request says nothing. From another origin, it may have. */
export function warnOfOrigin(url: string): void {
  if (!hasWarned && !isOwnOrigin(url)) {
    hasWarned = true;
    console.warn(
      `Mizan: no X-Mizan-Invalidate from ${url}. Has it Access-Control-Expose-Headers: X-Mizan-Invalidate?`,
    );
  }
}
