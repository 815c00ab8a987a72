// The requests that bring content into the page. A fragment is as old as the beginning of the one that brought it
// (protocol rule F3), so the machine is told of the beginning and the end of each.
// In the script this file stands for transport.ts, of which page.ts asks what is told otherwise.
import { warnOfOrigin } from "./diagnosis.js";
import { type Fragment, fragments, Input, renew, tell } from "./fragments.js";
import { isHosted } from "./htmx-requests.js";

/** By which all runtimes of a page know an answer's id, and know while one of them sends a request of its own. */
export const MARK = Symbol.for("mizan id");

/** No swap is waited for any longer, in milliseconds. */
export const PATIENCE = 5000;

/** A request that is under way. */
export interface Request {
  readonly number: number;
  /** Where its answer goes, if that is known. */
  readonly target: Element | null | undefined;
  /** Whose own it is. */
  readonly fragment: Fragment | undefined;
  readonly ended: Promise<void>;
  readonly settle: () => void;
  /** By which every runtime in the page knows its answer. */
  mark?: string | undefined;
  /** Its answer has said that something has changed, and is still to be swapped. */
  hasSpoken?: boolean;
  /** Nothing waits for it any more. */
  isLate?: boolean;
  /** What was first in its target before the swap. */
  first?: Node | null | undefined;
  /** What its answer has taken the place of, or of what is in there. */
  brought?: readonly Element[];
}

/** Those under way. */
const requests = new Map<number, Request>();

let count = 0;

/** Whether who has sent a request looks at its answer itself. */
export function isOwn(request: unknown): boolean {
  return (globalThis as { [MARK]?: boolean })[MARK] || isHosted(request);
}

/** The answer to an unsafe request has no header. */
export function unsaid(url: string): void {
  warnOfOrigin(url);
}

/** An id for a request, which the server's nonces begin with: none is the beginning of another one. */
export function newId(): string {
  return `${Math.random()}`.slice(2, 18).padEnd(16, "0");
}

/** From now on content may come: into `target`, and where it is its own request, for a fragment. */
export function begin(target?: Element | null, fragment?: Fragment, id?: string): Request {
  let settle!: () => void;
  const ended = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const request: Request = { number: ++count, target, fragment, ended, settle };
  requests.set(count, request);
  if (fragment) {
    fragment.isDue = fragment.isAsked = false;
  }
  tell(Input.Begin, [count, fragment?.number ?? 0], [id]);
  return request;
}

/** Another page is about to come in the place of this one, which shows what has changed until then. Or it does not. */
export function leave(): void {
  const request = begin(document.documentElement);
  setTimeout(() => end(request, 0), PATIENCE);
}

/** An answer is that of a request: what it says is known to have come with it. */
export function mark(answer: object, request: Request): void {
  const marked = answer as { [MARK]?: string };
  marked[MARK] ??= `${Math.random()}`;
  request.mark = marked[MARK];
}

/** The number of the request whose answer has a mark; 0 where nobody knows. */
export function requestOf(mark: unknown): number {
  for (const request of requests.values()) {
    if (request.mark === mark) {
      return request.number;
    }
  }
  return 0;
}

/**
 * The request is over. With the status 200 its answer is in the page; otherwise the status says why not: 0 if none
 * came, 1 if it was of no use. `brought` are the elements whose whole content came with it.
 */
export function end(
  request: Request,
  status: number,
  brought: readonly Element[] = [],
  retryAfter = 0,
): void {
  const { number, settle } = request;
  if (requests.has(number)) {
    for (const element of brought) {
      const fragment = fragments.get(element);
      if (fragment && fragment !== request.fragment) {
        renew(fragment);
      }
    }
    requests.delete(number);
    tell(Input.End, [number, status, Math.min(retryAfter, 2 ** 31)]);
    settle();
  }
}

/** Resolves when an answer that has said something is in the page; at once where none did. */
export async function swapped(number: number): Promise<void> {
  const request = requests.get(number);
  if (request) {
    request.hasSpoken = true;
    await wait(request);
  }
  // While the page comes, or another one in its place, nobody listens.
  await obstacle(document.documentElement);
}

/**
 * What to wait for before an element is refreshed, if anything: a request that may bring it, take it away, or bring
 * something into it.
 */
export function obstacle(element: Element): Promise<void> | undefined {
  for (const request of requests.values()) {
    const { hasSpoken, isLate, target = null } = request;
    if (!isLate && (hasSpoken || target?.contains(element) || element.contains(target))) {
      return wait(request);
    }
  }
  return undefined;
}

function wait(request: Request): Promise<void> {
  setTimeout(() => {
    request.isLate = true;
    request.settle();
  }, PATIENCE);
  return request.ended;
}
