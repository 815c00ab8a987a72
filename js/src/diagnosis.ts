// What the script says of what is wrong, and under `data-debug` of what it does.
import { dispatch } from "./announcement.js";
import { attribute, type Fragment, fragments } from "./fragments.js";
import { pathOf } from "./host.js";
import type { Failure } from "./htmx.js";
import { isOwnOrigin } from "./page.js";

/** The names of the params by the context; what is known only while developing. */
let contexts: Record<string, readonly string[]> | undefined;
let isDebugging = false;
let hasWarned = false;

/** Begins to log. `known` is JSON of the contexts that the server has. */
export function debug(known: string): void {
  isDebugging = true;
  contexts = known ? JSON.parse(known) : undefined;
}

/** Tells of an error: the page, and the console. */
export function fail(failure: Failure): void {
  const { element, message } = failure;
  console.error(`Mizan: ${message}`, ...(element ? [element] : []));
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
  if (isDebugging) {
    if (attribute(element, "src") == null && pathOf(element) == null) {
      console.warn("Mizan: neither mizan-src nor hx-get", element);
    }
    const members = text.replace(/"(\\.|[^"])*"/g, "").matchAll(/(?:^|,) *(\w+)([^,]*)/g);
    for (const [, context = "", params = ""] of contexts ? members : []) {
      const names = contexts?.[context];
      const unknown = [...params.matchAll(/; *(\w+)=/g)]
        .map(([, name]) => name as string)
        .filter((name) => !names?.includes(name));
      if (!names || unknown[0]) {
        const what = names ? `param ${unknown} of context ${context}` : `context ${context}`;
        console.warn(`Mizan: the server knows no ${what}`, element);
      }
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
