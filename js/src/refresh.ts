// How a fragment that is stale gets what the server has now.
import { attribute, type Fragment, fragments, Input, tell } from "./fragments.js";
import { htmx, pathOf, REFRESH } from "./host.js";
import { headersFor } from "./htmx-requests.js";
import { morph, UNTOUCHED } from "./morph.js";
import { isOwnOrigin } from "./page.js";
import { begin, end, obstacle, type Request } from "./requests.js";
import { retryAfter } from "./retry.js";

type Load = readonly [fragment: Fragment, request: Request];

/** Longer than this no answer is waited for, in milliseconds. */
const PATIENCE = 60_000;

let isScheduled = false;

/** A fragment is to be refreshed: soon, together with others, and after listeners have made requests of their own. */
export function refresh(fragment: Fragment): void {
  fragment.isDue = true;
  schedule();
}

function schedule(): void {
  if (!isScheduled) {
    isScheduled = true;
    setTimeout(flush);
  }
}

function flush(): void {
  const loads = new Map<string, Load[]>();
  isScheduled = false;
  // In the order of the document, mostly: one that is around others may bring them, too.
  for (const fragment of fragments.values()) {
    const { element, isDue } = fragment;
    const waits = isDue && obstacle(element);
    const source = attribute(element, "src");
    const path = pathOf(element);
    if (waits) {
      // Unless somebody has asked for it meanwhile.
      waits.then(schedule);
    } else if (isDue && source != null) {
      const url = urlOf(source);
      loads.set(url, [...(loads.get(url) ?? []), [fragment, begin(element, fragment)]]);
    } else if (isDue && path != null) {
      repeat(fragment, path);
    }
    // There is no other way, and the machine does not ask again.
  }
  for (const [url, those] of loads) {
    load(url, those);
  }
}

/** Without the fragment of the URL, which no server sees; empty where it is none. */
function urlOf(source: string): string {
  try {
    return (source ? new URL(source, document.baseURI) : location).href.replace(/#.*/, "");
  } catch {
    return "";
  }
}

/** Has htmx make an element's own GET again, with its own target, swap and headers. */
async function repeat(fragment: Fragment, path: string): Promise<void> {
  fragment.isDue = false;
  fragment.isAsked = true;
  try {
    if (!htmx() && document.readyState !== "complete") {
      await new Promise((resolve) => addEventListener("load", resolve));
    }
    fragment.why = htmx() ? "htmx has not sent it" : "there is no htmx";
    const event = new CustomEvent(REFRESH);
    await htmx()?.ajax("GET", path, { source: fragment.element, event, confirm: "" });
  } catch {
    // Who has made the request hears of it.
  }
  if (fragment.isAsked) {
    tell(Input.Dropped, [fragment.number]);
  }
}

/** Fetches what fragments show now, once for all that have it from one URL. */
async function load(url: string, loads: readonly Load[]): Promise<void> {
  // What is of no use is not asked for again by itself; where no answer comes, it is.
  let status = 1;
  let why: string | undefined = "mizan-src is no URL of this origin";
  let text = "";
  let answer: Response | undefined;
  if (url && isOwnOrigin(url)) {
    try {
      status = 0;
      answer = await fetch(url, {
        cache: "no-cache",
        headers: { "HX-Request": "true", ...headersFor(url) },
        signal: AbortSignal.timeout(PATIENCE),
      });
      const isHtml = /html/.test(answer.headers.get("Content-Type") ?? "");
      why = answer.redirected
        ? `redirected to ${answer.url}`
        : answer.ok && !isHtml
          ? "the answer is no HTML"
          : undefined;
      text = await answer.text();
      status = why ? 1 : answer.ok ? 200 : answer.status;
    } catch (cause) {
      why = `${cause}`;
    }
  }
  for (const [fragment, request] of loads) {
    const isUsed = status === 200 && fragments.get(fragment.element) === fragment;
    fragment.why = isUsed ? swap(fragment.element, text) : why;
    const isSwapped = isUsed && !fragment.why;
    // Those in it have come with it, too.
    const inner = isSwapped ? [...fragment.element.querySelectorAll("[mizan-stale]")] : [];
    const brought = inner.filter((element) => !element.closest(UNTOUCHED));
    end(request, isUsed && fragment.why ? 1 : status, brought, retryAfter(answer));
  }
}

/** Puts what was fetched in the place of an element, or into it. Says what is wrong with it. */
function swap(element: Element, text: string): string | undefined {
  try {
    // No script in it runs.
    const template = document.createElement("template");
    template.innerHTML = text;
    const { content } = template;
    const id = element.getAttribute("id") ?? "";
    const found = content.getElementById(id);
    if (!found && !attribute(element, "src")) {
      return `the page has no element with the id "${id}"`;
    }
    morph(element, found ?? content);
  } catch (cause) {
    return `${cause}`;
  }
  return undefined;
}
