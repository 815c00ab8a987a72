import { open, peek, read, said, settlement, tell } from "./cache.js";
import { settings } from "./configuration.js";
import { MizanError } from "./error.js";
import { Input, keyText, parseHeader } from "./machine.js";
import { keySpec, listSpec, readList } from "./spec.js";
import { get, json, lost, prepare, problem, type Reply } from "./transport.js";
import type { Configuration, Invalidation, Params, Registration, Snapshot } from "./types.js";

let calls = 0;

/** Changes settings. Settings that are left out stay as they are. */
export function configure(configuration: Configuration): void {
  Object.assign(settings, configuration);
  settings.baseUrl = settings.baseUrl.replace(/\/?$/, "/");
}

/**
 * The value of a context: one member per function. In a page it is answered from the cache where the
 * cache is fresh, and requests for the same context at the same time are one.
 *
 * @throws InvalidKey for a name, param or value that no context can have.
 * @throws MizanError when the server refuses, or does not answer.
 */
export async function mizanFetch<T = unknown>(
  context: string,
  params?: Params | null,
  { signal }: { signal?: AbortSignal } = {},
): Promise<T> {
  return fresh<T>(keySpec(context, params), signal);
}

async function fresh<T>(spec: string, signal?: AbortSignal, again = false): Promise<T> {
  // A process that serves many must not remember for one what it has fetched for another.
  if (settings.cache ?? typeof document === "object") {
    const entry = open(spec);
    if (again) {
      tell(Input.Refetch, entry.handle);
    }
    return read<T>(entry, signal);
  }
  const reply = await get(keyText(spec), signal);
  if (!reply.ok) {
    throw problem(reply);
  }
  return reply.read?.value as T;
}

/**
 * Calls a function of the server, and invalidates what its answer says that it changed.
 *
 * @param options.awaitRefetch resolve only when what was invalidated and is on the page has been
 * fetched again.
 * @throws MizanError when the server refuses, or does not answer. In the latter case the function may
 * have run: everything in use is fetched again.
 */
export async function mizanCall<R = unknown>(
  name: string,
  args?: unknown,
  { signal, awaitRefetch = false }: { signal?: AbortSignal; awaitRefetch?: boolean } = {},
): Promise<R> {
  signal?.throwIfAborted();
  const send = prepare(name, args ?? {}, signal);
  const call = ++calls;
  tell(Input.Call, call);
  const done = settlement(call);
  let reply: Reply;
  try {
    reply = await send();
    // A gateway's word, not the server's: it may have been carried out.
    if (reply.status >= 500 && !/problem/.test(reply.headers.get("Content-Type") ?? "")) {
      throw problem(reply);
    }
  } catch (cause) {
    tell(Input.CallLost, call);
    throw signal?.aborted ? signal.reason : cause instanceof MizanError ? cause : lost(cause);
  }
  const body = Object(json(reply)) as { result?: R; invalidate?: unknown };
  const header = reply.headers.get("X-Mizan-Invalidate");
  const told = Array.isArray(body.invalidate) || header !== null;
  // A success that does not say what it has changed may have changed anything.
  const list = listSpec(reply.ok && !told ? "" : body.invalidate);
  tell(Input.CallAnswered, call, [...said(reply), header, list], {}, Number(awaitRefetch));
  await done;
  if (!reply.ok) {
    throw problem(reply);
  }
  if (!("result" in body)) {
    throw lost("the answer has no result");
  }
  return body.result as R;
}

/**
 * A context to keep an eye on. Nothing is fetched until somebody subscribes.
 *
 * @param options.signal ends its subscriptions, as `release()` does.
 * @throws InvalidKey for a name, param or value that no context can have.
 */
export function registerContext<T = unknown>(
  context: string,
  params?: Params | null,
  { signal }: { signal?: AbortSignal } = {},
): Registration<T> {
  const spec = keySpec(context, params);
  const key = keyText(spec);
  const subscriptions = new Set<() => void>();
  const release = () => {
    for (const unsubscribe of subscriptions) {
      unsubscribe();
    }
  };
  signal?.addEventListener("abort", release, { once: true });
  return {
    key,
    subscribe(callback) {
      const { listeners, handle } = open(spec);
      const listener = () => callback();
      const unsubscribe = () => {
        if (listeners.delete(listener)) {
          subscriptions.delete(unsubscribe);
          tell(Input.Unsubscribe, handle);
        }
      };
      listeners.add(listener);
      subscriptions.add(unsubscribe);
      tell(Input.Subscribe, handle);
      return unsubscribe;
    },
    getSnapshot() {
      return peek(key) as Snapshot<T>;
    },
    refetch() {
      return fresh<T>(spec, undefined, true);
    },
    release,
  };
}

/**
 * Invalidates by hand, for what changed without the server's answer saying so.
 *
 * @throws InvalidKey for a member that no context can match.
 */
export function invalidate(list: readonly Invalidation[]): void {
  for (const member of list) {
    if (member !== "*") {
      keyText(listSpec([member]));
    }
  }
  tell(Input.Invalidate, 0, [null, null, null, listSpec(list)]);
}

/**
 * Reads the text of `X-Mizan-Invalidate` (RFC 9651 List).
 *
 * @throws InvalidHeader with the position of what is wrong.
 */
export function parseInvalidateHeader(text: string): Invalidation[] {
  return readList(parseHeader(text));
}

/**
 * The canonical text of a context and its params, `user?user_id=5`.
 *
 * @throws InvalidKey for a name, param or value that no context can have.
 */
export function contextKey(context: string, params?: Params | null): string {
  return keyText(keySpec(context, params));
}
