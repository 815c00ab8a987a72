// The script for pages of htmx, and for pages that have no script of their own: one tag, nothing to call.

import { settings } from "./configuration.js";
import { debug, fail } from "./diagnosis.js";
import { Input, start, tell } from "./fragments.js";
import { watchHtmx } from "./htmx-requests.js";
import { isCached, observeRequests, readCookies, watchPage } from "./page.js";
import { begin, end, leave } from "./requests.js";
import { listSpec } from "./spec.js";
import type { Invalidation } from "./types.js";

/** What went wrong: the detail of `mizan:error`. */
export interface Failure {
  readonly message: string;
  readonly element?: Element | undefined;
  /** The index of the character that is wrong. */
  readonly position?: number | undefined;
  /** The HTTP status of the answer to a refresh; 0 where none came, 1 for one of no use. */
  readonly status?: number | undefined;
}

declare global {
  interface GlobalEventHandlersEventMap {
    /** What is no longer true. For each member `mizan:` and its context's name follows, with its params. */
    "mizan:invalidate": CustomEvent<Invalidation[]>;
    "mizan:error": CustomEvent<Failure>;
  }

  var Mizan: {
    /** Says what has changed, of which the page knows without the server. */
    invalidate(list: readonly Invalidation[]): void;
  };
}

interface Page {
  Mizan?: unknown;
  [SCRIPT]?: boolean;
}

const SCRIPT = Symbol.for("mizan script");
const page = globalThis as Page;

if (!page[SCRIPT]) {
  page[SCRIPT] = true;
  open();
}

function open(): void {
  const {
    baseUrl,
    debug: known,
    identity,
    seen,
  } = (document.currentScript as HTMLElement | null)?.dataset ?? {};
  try {
    if (known != null) {
      debug(known);
    }
    if (baseUrl) {
      settings.baseUrl = new URL(baseUrl, document.baseURI).href;
    }
  } catch (cause) {
    fail({ message: `cannot read data-debug or data-base-url: ${cause}` });
  }
  observeRequests();
  watchHtmx();
  const request = begin(document.documentElement);
  // The page was rendered after what these say.
  for (const nonce of seen?.split(" ") ?? []) {
    tell(Input.Applied, [], [nonce]);
  }
  start(identity);
  // What nobody has seen yet is refreshed when somebody does, and then all of it is old.
  if ((document as { prerendering?: boolean }).prerendering) {
    tell(Input.Online, [0]);
  }
  watchPage();
  addEventListener("submit", (event) => {
    const form = event.target as Element;
    const isPost = /^post$/i.test(form.getAttribute("method") ?? "");
    if (isPost && !event.defaultPrevented && !form.getAttribute("target")) {
      leave();
    }
  });
  document.addEventListener("prerenderingchange", () => {
    readCookies();
    tell(Input.Restored);
    tell(Input.Online, [1]);
  });
  page.Mizan ??= { invalidate };
  let isThere = false;
  const arrive = () => {
    if (!isThere) {
      isThere = true;
      // After htmx has begun.
      setTimeout(() => {
        end(request, 0);
        if (isCached()) {
          tell(Input.Restored);
        }
      });
    }
  };
  if (document.readyState === "complete") {
    arrive();
  }
  document.addEventListener("DOMContentLoaded", arrive);
  addEventListener("load", arrive);
}

/** Says what has changed, of which the page knows without the server. */
function invalidate(list: readonly Invalidation[]): void {
  tell(Input.Invalidate, [], [null, null, null, listSpec(list)]);
}
