import { tell } from "./cache.js";
import { settings } from "./configuration.js";
import { Input } from "./machine.js";
import { listSpec } from "./spec.js";
import { isOwn, MARK, unsaid } from "./transport.js";
import type { Invalidation } from "./types.js";

/** Requests that change nothing (RFC 9110 section 9.2.1). */
const SAFE = /^(GET|HEAD|OPTIONS|TRACE)$/i;

/** To the other tabs, where the page can tell them anything. */
export let channel: Channel | undefined;

/** Where the browser has it, every tab hears of a cookie by itself. */
export const { cookieStore } = globalThis as { cookieStore?: EventTarget };

/** What tabs tell each other: never data. */
type Message = { list: Invalidation[]; id: string } | { identity: string };

interface Channel extends BroadcastChannel {
  postMessage(message: Message): void;
}

let offline = false;

/** Tells the machine how things are, where they are not as it expects. */
export function enterPage(): void {
  readCookies();
  if (globalThis.document?.hidden) {
    tell(Input.Visible, [0]);
  }
  if (offline) {
    tell(Input.Online, [0]);
  }
}

/** Begins to listen to everything outside of a call that can make a context stale. */
export function watchPage(): void {
  enterPage();
  // Fires in every tab, before the redirect is even followed.
  cookieStore?.addEventListener("change", readCookies);
  openChannel();
  addEventListener("pageshow", (event) => {
    openChannel();
    readCookies();
    if (event.persisted) {
      tell(Input.Restored);
    }
  });
  // An open channel would keep the page out of the back/forward cache.
  addEventListener("pagehide", () => {
    channel?.close();
    channel = undefined;
  });
  // Not `focus`: that also fires for file dialogs, frames and developer tools.
  document.addEventListener("visibilitychange", () => {
    readCookies();
    tell(Input.Visible, [Number(!document.hidden)]);
  });
  // Not `navigator.onLine`: where there is no network, there may still be a server on this machine.
  for (const type of ["online", "offline"]) {
    addEventListener(type, () => {
      offline = type === "offline";
      tell(Input.Online, [Number(!offline)]);
    });
  }
}

/** Forgets how things are. No other tab is told or heard any more: it may be the page of another test. */
export function leavePage(): void {
  channel?.close();
  channel = { postMessage() {}, close() {} } as unknown as Channel;
  offline = false;
}

/** Applies what the server said on redirects, which no script can see (protocol rule R1). */
export function readCookies(): void {
  for (const cookie of cookies()) {
    const [, id, value] = /^mizan_inv_([^=]*)=(.*)/.exec(cookie) ?? [];
    if (id) {
      let header = value as string;
      try {
        header = decodeURIComponent(header);
      } catch {
        // What cannot be decoded cannot be a header either, and is taken as such.
      }
      tell(Input.Cookie, [], [id, null, header], { id });
    }
  }
}

/** The page's cookies, each as `name=value`. A process without a document has none. */
export function cookies(): string[] {
  return globalThis.document?.cookie.split("; ") ?? [];
}

/**
 * Whether the HTTP cache had the page: it may be older than what this browser has heard of since. A page that is
 * still coming has no sizes either, but a protocol; WebKit says no sizes of one from the cache, and no protocol.
 */
export function isCached(): boolean {
  const page = performance.getEntriesByType?.("navigation")[0] as
    | PerformanceNavigationTiming
    | undefined;
  return page?.transferSize === 0 && (page.encodedBodySize > 0 || !page.nextHopProtocol);
}

function openChannel(): void {
  if (!channel && globalThis.BroadcastChannel) {
    channel = new BroadcastChannel("mizan");
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if ("identity" in data) {
        tell(Input.TabIdentity, [], [data.identity]);
      } else {
        tell(Input.TabInvalidated, [], [data.id, null, null, listSpec(data.list)]);
      }
    };
  }
}

/** What carries the id that all runtimes know it by. */
type Marked = { [MARK]?: string };

/** Looks at the answers to the page's own requests. */
function observeFetch(native: typeof fetch): void {
  globalThis.fetch = function fetch(input, init) {
    const pending = native.call(this, input, init);
    if (!isOwn(init)) {
      const method = init?.method ?? (input as Request)?.method ?? "GET";
      pending.then(
        (answer) =>
          observe(answer, method, answer.url, () => answer.headers.get("X-Mizan-Invalidate")),
        () => {},
      );
    }
    return pending;
  };
}

/** Looks at the answers to the page's own XMLHttpRequests, htmx's among them. */
function observeXhr(prototype: XMLHttpRequest): void {
  const { open } = prototype;
  const method = Symbol();
  prototype.open = function (
    this: XMLHttpRequest & Marked & { [method]?: string },
    ...args: unknown[]
  ) {
    if (!(method in this)) {
      this.addEventListener("readystatechange", () => {
        // With the headers, of which nothing is left where the body breaks off; and at the end, which is all that
        // there is where no headers come, or where the page waits.
        if (this.readyState % 2 < 1) {
          observe(this, this[method] as string, this.responseURL, () =>
            this.getResponseHeader("X-Mizan-Invalidate"),
          );
        }
      });
    }
    this[method] = isOwn(this) ? "GET" : (args[0] as string);
    // What it is answered next is another answer.
    delete this[MARK];
    return open.apply(this, args as Parameters<typeof open>);
  } as typeof open;
}

/** Looks at an answer, which each runtime that sees it knows by the same id. */
export function observe(
  answer: Response | XMLHttpRequest,
  method: string,
  url: string,
  read: () => string | null,
): void {
  if (
    settings.observeFetch !== false &&
    (isOwnOrigin(url) || originOf(url) === originOf(settings.baseUrl))
  ) {
    // It may have been redirected: an XMLHttpRequest does not say.
    readCookies();
    const unsafe = !SAFE.test(method);
    const header = unsafe && read();
    if (header) {
      // biome-ignore lint/suspicious/noAssignInExpressions: whoever looks first makes it
      const id = ((answer as Marked)[MARK] ??= `${Math.random()}`);
      tell(Input.Seen, [], [id, null, header], { id });
    } else if (unsafe) {
      unsaid(url);
    }
  }
}

function originOf(url: string): string {
  return new URL(url, document.baseURI).origin;
}

/** Whether a URL is on the page's own origin. */
export function isOwnOrigin(url: string): boolean {
  return originOf(url) === location.origin;
}

/** Looks at the answers to the page's own requests, from now on; where there is no page, at none. */
export function observeRequests(): void {
  if (globalThis.document) {
    const { fetch, XMLHttpRequest } = globalThis as Partial<typeof globalThis>;
    if (fetch) {
      observeFetch(fetch);
    }
    if (XMLHttpRequest) {
      observeXhr(XMLHttpRequest.prototype);
    }
  }
}
