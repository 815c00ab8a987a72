// The requests of htmx, 2 and 4. By its events alone: so it may come before the script or after it, and no list of
// extensions can forbid it.
import { type Fragment, fragments, Input, tell } from "./fragments.js";
import { htmx, isGet, REFRESH } from "./host.js";
import { isOwnOrigin, observe } from "./page.js";
import { begin, end, leave, mark, newId, PATIENCE, type Request } from "./requests.js";
import { retryAfter } from "./retry.js";

/** What is said of a request of 2 before it is made. */
interface Config {
  readonly headers: Record<string, string>;
  readonly path: string;
  readonly triggeringEvent?: Event;
  readonly verb: string;
}

/** What is said of a request of 2. */
interface Info {
  readonly elt: Element;
  readonly requestConfig: Config;
  readonly successful?: boolean;
  readonly target?: Element;
  readonly xhr: XMLHttpRequest;
}

/** What is said of a request of 4. */
interface Context {
  readonly request: RequestInit & {
    readonly action: string;
    readonly headers: Record<string, string>;
    readonly method: string;
  };
  readonly response?: { readonly raw: Response };
  readonly sourceElement: Element;
  readonly sourceEvent?: Event;
  readonly status: string;
  readonly target?: unknown;
}

interface Detail {
  readonly ctx: Context;
  /** The swaps of an answer. */
  readonly tasks: readonly {
    readonly swapSpec?: { readonly style?: string };
    readonly target: Element;
  }[];
}

const ID = "X-Mizan-Request";

/** The requests that are under way, by what htmx knows them by. */
const requests = new WeakMap<object, Request>();

/** Whether the answer to a request is looked at here. */
export function isHosted(request: unknown): boolean {
  return requests.has(request as object);
}

/** Headers of a request that no cache may answer by itself, and by which the server knows it. */
export function headersFor(path: string): Record<string, string> {
  // WebKit heeds no `Cache-Control` of a request, but keeps answers apart by the values of other headers.
  return isOwnOrigin(path) ? { "Cache-Control": "max-age=0", [ID]: newId() } : {};
}

/** Begins to listen to what htmx does. */
export function watchHtmx(): void {
  watch2();
  watch4();
  // Nobody is asked whether what is stale may be fetched again; 4 does not ask if it is told so.
  document.addEventListener(
    "htmx:confirm",
    (event) => {
      const { issueRequest, question, triggeringEvent } = (event as CustomEvent).detail;
      if (question && triggeringEvent.type === REFRESH) {
        event.stopImmediatePropagation();
        event.preventDefault();
        // Who has made the request hears of its end.
        issueRequest(true).catch(() => {});
      }
    },
    true,
  );
}

function watch2(): void {
  on<Config>("configRequest", ({ headers, path, triggeringEvent, verb }, event) => {
    // An extension has 4 use the names of 2, for other details.
    if (verb) {
      prepare(event, headers, path, verb, triggeringEvent);
    }
  });
  on<Info>("beforeSend", send);
  during<Info>("beforeOnLoad", ({ requestConfig, xhr }, _, event) => {
    refuse(event, xhr?.status, requestConfig?.triggeringEvent);
  });
  during<Info>("beforeSwap", ({ target }, request) => {
    request.first = target?.firstChild;
  });
  during<Info>("afterSwap", ({ target }, request) => {
    // Whatever the swap is called, nothing is left of what was there before.
    const isReplaced = target && request.first && request.first.parentNode !== target;
    end(request, 200, isReplaced ? [target] : []);
  });
  // What the server has just said may have come from the HTTP cache.
  on("historyRestore", () => tell(Input.Restored));
}

/** A request of 2 is about to be sent. */
function send(info: Info): void {
  const { elt, requestConfig, target, xhr } = info;
  if (xhr) {
    const { headers, verb } = requestConfig;
    const request = begin(target, ownerOf(elt, verb), headers[ID]);
    requests.set(xhr, request);
    mark(xhr, request);
    xhr.addEventListener("loadend", () => {
      const { successful, target } = info;
      const finish = () => {
        const get = (name: string) => xhr.getResponseHeader(name);
        doubt(request, verb, xhr.status);
        endUnswapped(request, successful, xhr.status, { headers: { get } });
      };
      // Some swaps take their time.
      if (target?.classList.contains(htmx()?.config.swappingClass ?? "")) {
        setTimeout(finish, PATIENCE);
      } else {
        finish();
      }
    });
  }
}

function watch4(): void {
  on<Detail>("config:request", ({ ctx: { request, sourceEvent } }, event) => {
    const { action, headers, method } = request;
    prepare(event, headers, action, method, sourceEvent);
    if (headers[ID]) {
      request.cache = "no-cache";
    }
  });
  on<Detail>("before:request", ({ ctx }) => {
    const { request, sourceElement, target } = ctx;
    const { headers, method } = request;
    const goal = target instanceof Element ? target : null;
    const begun = begin(goal, ownerOf(sourceElement, method), headers[ID]);
    requests.set(ctx, begun);
    // So that who observes all requests of the page leaves it out.
    requests.set(request, begun);
  });
  during<Detail>("before:response", ({ ctx: { request, response, sourceEvent } }, begun, event) => {
    const { raw } = response as { raw: Response };
    mark(raw, begun);
    observe(raw, request.method, raw.url, () => raw.headers.get("X-Mizan-Invalidate"));
    refuse(event, raw.status, sourceEvent);
  });
  during<Detail>("before:swap", ({ tasks }, request) => {
    request.brought = tasks.flatMap(({ swapSpec, target }) =>
      /^(inner|outer)/.test(swapSpec?.style ?? "") ? target : [],
    );
  });
  during<Detail>("after:swap", (_, request) => end(request, 200, request.brought));
  during<Detail>("finally:request", ({ ctx: { request, response, status } }, begun) => {
    const { raw } = response ?? {};
    const code = /^error/.test(status) ? 0 : raw?.status;
    doubt(begun, request.method, code);
    endUnswapped(begun, false, code, raw);
  });
  on("history:cache:after:restore", () => tell(Input.Restored));
}

/** What may have been carried out may have changed anything, if no server has said what (protocol rule M6). */
function doubt({ hasSpoken }: Request, method: string, status = 0): void {
  if (!hasSpoken && !isGet(method) && [0, 502, 504].includes(status)) {
    tell(Input.Invalidate, [], [null, null, null, "*"]);
  }
}

/** A request has ended, and nobody has heard of a swap. */
function endUnswapped(
  request: Request,
  isFine = false,
  status = 0,
  answer?: Parameters<typeof retryAfter>[0],
): void {
  const { fragment } = request;
  const isOk = status > 0 && status < 400;
  if (fragment) {
    fragment.why = isOk ? "the answer was not swapped" : undefined;
  }
  if (answer?.headers.get("HX-Redirect") ?? answer?.headers.get("HX-Refresh")) {
    leave();
  }
  end(request, isOk ? (isFine && fragment ? 200 : 1) : status, [], retryAfter(answer));
}

/** Makes a request one that says what is true now, and a refresh one that changes nothing. */
function prepare(
  event: Event,
  headers: Record<string, string>,
  path: string,
  method: string,
  cause?: Event,
): void {
  Object.assign(headers, headersFor(path));
  if (cause?.type === REFRESH && !isGet(method)) {
    event.preventDefault();
  }
}

/** What nobody has asked for does not put an error in the place of what is there. */
function refuse(event: Event, status: number, cause?: Event): void {
  if (status >= 400 && /^mizan:/.test(cause?.type ?? "")) {
    event.preventDefault();
  }
}

/** The fragment whose own GET it is. */
function ownerOf(element: Element, method: string): Fragment | undefined {
  return isGet(method) ? fragments.get(element) : undefined;
}

function on<D>(type: string, listener: (detail: D, event: Event) => void): void {
  document.addEventListener(`htmx:${type}`, (event) =>
    listener((event as CustomEvent).detail, event),
  );
}

/** What happens to a request that is known. */
function during<D extends { readonly ctx?: object; readonly xhr?: object }>(
  type: string,
  listener: (detail: D, request: Request, event: Event) => void,
): void {
  on<D>(type, (detail, event) => {
    const request = requests.get((detail.ctx ?? detail.xhr) as object);
    if (request) {
      listener(detail, request, event);
    }
  });
}
