import { fragments } from "./fragments.js";
import { channel, cookieStore } from "./page.js";
import { swapped } from "./requests.js";
import { readList } from "./spec.js";

/** The source of what a cookie says (core/src/output.rs). */
const COOKIE = 2;

/**
 * Tells the other tabs and the page what was invalidated. `source` says from where, and whether to share it; `request`
 * is the one whose answer said it, and `id` what the other tabs know it by.
 */
export async function announce(
  text: string,
  source: number,
  request: number,
  id = `${Math.random()}`,
): Promise<void> {
  const list = readList(text);
  if (source & 8 || (source === COOKIE && !cookieStore)) {
    channel?.postMessage({ list, id });
  }
  // What htmx 4 has fetched before its time.
  for (const element of document.querySelectorAll("[data-htmx-powered]")) {
    delete (element as { _htmx?: { preload?: unknown } })._htmx?.preload;
  }
  await swapped(request);
  dispatch("invalidate", list);
  for (const member of list) {
    const { context = member, params = {} } = Object(member) as {
      context?: string;
      params?: object;
    };
    for (const name of context === "*" ? mentioned() : [context as string]) {
      dispatch(name, params);
    }
  }
}

/** Tells the page. What a listener throws is its own error. */
export function dispatch(name: string, detail: unknown): void {
  (document.body ?? document).dispatchEvent(
    new CustomEvent(`mizan:${name}`, { bubbles: true, detail }),
  );
}

/** Every context that the page mentions: somebody may listen for it. */
function mentioned(): Set<string> {
  const shown = [...fragments.values()].map(({ text }) => text.replace(/(^|,) */g, "$1mizan:"));
  const found = `${document.body?.innerHTML}${shown}`.matchAll(/mizan:([a-z]\w*)/gi);
  return new Set([...found].map(([, name]) => name as string));
}
