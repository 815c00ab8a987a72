// The page's htmx, 2 or 4. By its events alone: so it may come before the script or after it, and no list of
// extensions can forbid it.
import { type Fragment, fragments, Input, tell } from "./fragments.js";
import { isOwnOrigin, observe } from "./page.js";
import { begin, end, mark, newId, PATIENCE, type Request } from "./requests.js";
import { retryAfter } from "./retry.js";

/** What is used of it. */
interface Htmx {
  readonly config: {
    /** What stands for `hx-`, too (4). */
    readonly prefix?: string;
    /** What an element is marked with until it is swapped (2). */
    readonly swappingClass?: string;
  };
  ajax(verb: string, path: string, context: object): Promise<void>;
  /** 4 takes notice of attributes that have changed only by `force`; 2 does so anyway. */
  process(element: Element, force?: boolean): void;
}

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

/** One of the swaps of an answer (4). */
interface Task {
  readonly swapSpec?: { readonly style?: string };
  readonly target: Element;
}

/** The type of the event by which htmx is asked to refresh something. */
export const REFRESH = "mizan:refresh";
const ID = "X-Mizan-Request";

/** The requests that are under way, by what htmx knows them by. */
const requests = new WeakMap<object, Request>();

/** The page's htmx, if there is one by now. */
export function htmx(): Htmx | undefined {
  return (globalThis as { htmx?: Htmx }).htmx;
}

/** The path of an element's own GET; null where it has none. */
export function pathOf(element: Element): string | null {
  const get = (name: string) =>
    element.getAttribute(`hx-${name}`) ??
    element.getAttribute((htmx()?.config.prefix || "data-hx-") + name);
  const method = get("method") ?? element.getAttribute("method") ?? "get";
  return get("get") ?? (isGet(method) ? get("action") : null);
}

/** Whether the answer to a request is looked at here. */
export function isHosted(request: unknown): boolean {
  return requests.has(Object(request));
}

/** Headers of a request that no cache may answer by itself, and by which the server knows it. */
export function headersFor(path: string): Record<string, string> {
  // WebKit heeds no `Cache-Control` of a request, but keeps answers apart by the values of other headers.
  return isOwnOrigin(path) ? { "Cache-Control": "max-age=0", [ID]: newId() } : {};
}

/** Begins to listen to what htmx does. */
export function watchHost(): void {
  watch2();
  watch4();
  // Nobody is asked whether what is stale may be fetched again.
  document.addEventListener(
    "htmx:confirm",
    (event) => {
      const { ctx, issueRequest, triggeringEvent } = (event as CustomEvent).detail;
      if ((triggeringEvent ?? ctx?.sourceEvent)?.type === REFRESH) {
        event.stopImmediatePropagation();
        event.preventDefault();
        issueRequest(true);
      }
    },
    true,
  );
}

function watch2(): void {
  on<Config>("configRequest", (event) => {
    const { headers, path, triggeringEvent, verb } = event.detail;
    // An extension has 4 use the names of 2, for other details.
    if (verb) {
      prepare(event, headers, path, verb, triggeringEvent);
    }
  });
  on<Info>("beforeSend", ({ detail }) => send(detail));
  on<Info>("beforeOnLoad", (event) => {
    const { requestConfig, xhr } = event.detail;
    refuse(event, xhr?.status, requestConfig?.triggeringEvent);
  });
  on<Info>("beforeSwap", ({ detail: { target, xhr } }) => {
    const request = requests.get(Object(xhr));
    if (request) {
      request.first = target?.firstChild;
    }
  });
  on<Info>("afterSwap", ({ detail: { target, xhr } }) => {
    const request = requests.get(Object(xhr));
    if (request) {
      // Whatever the swap is called, nothing is left of what was there before.
      const isReplaced = target && request.first && request.first.parentNode !== target;
      end(request, 200, isReplaced ? [target] : []);
    }
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
        endUnswapped(request, successful, xhr.status, retryAfter({ headers: { get } }));
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
  on<{ ctx: Context }>("config:request", (event) => {
    const { request, sourceEvent } = event.detail.ctx;
    const { action, headers, method } = request;
    prepare(event, headers, action, method, sourceEvent);
    if (headers[ID]) {
      request.cache = "no-cache";
    }
  });
  on<{ ctx: Context }>("before:request", ({ detail: { ctx } }) => {
    const { request, sourceElement, target } = ctx;
    const { headers, method } = request;
    const goal = target instanceof Element ? target : null;
    const begun = begin(goal, ownerOf(sourceElement, method), headers[ID]);
    requests.set(ctx, begun);
    // So that who observes all requests of the page leaves it out.
    requests.set(request, begun);
  });
  on<{ ctx: Context }>("before:response", (event) => {
    const { request, response, sourceEvent } = event.detail.ctx;
    const begun = requests.get(request);
    const { raw } = response ?? {};
    if (begun && raw) {
      mark(raw, begun);
      observe(raw, request.method, raw.url, raw.headers.get("X-Mizan-Invalidate"));
      refuse(event, raw.status, sourceEvent);
    }
  });
  on<{ ctx: Context; tasks: Task[] }>("before:swap", ({ detail: { ctx, tasks } }) => {
    const request = requests.get(ctx);
    if (request) {
      request.brought = tasks
        .filter(({ swapSpec }) => /^(inner|outer)/.test(swapSpec?.style ?? ""))
        .map(({ target }) => target);
    }
  });
  on<{ ctx: Context }>("after:swap", ({ detail: { ctx } }) => {
    const request = requests.get(ctx);
    if (request) {
      end(request, 200, request.brought);
    }
  });
  on<{ ctx: Context }>("finally:request", ({ detail: { ctx } }) => {
    const request = requests.get(ctx);
    if (request) {
      const { raw } = ctx.response ?? {};
      const status = /^error/.test(ctx.status) ? 0 : raw?.status;
      endUnswapped(request, false, status, retryAfter(raw));
    }
  });
  on("history:cache:after:restore", () => tell(Input.Restored));
}

/** A request has ended, and nobody has heard of a swap. */
function endUnswapped(request: Request, isFine = false, status = 0, wait = 0): void {
  const { fragment } = request;
  const isOk = status > 0 && status < 400;
  if (fragment) {
    fragment.why = isOk ? "the answer was not swapped" : undefined;
  }
  end(request, isOk ? (isFine && fragment ? 200 : 1) : status, [], wait);
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

function isGet(method: string): boolean {
  return /^get$/i.test(method);
}

function on<D>(type: string, listener: (event: CustomEvent<D>) => void): void {
  document.addEventListener(`htmx:${type}`, listener as EventListener);
}
