import {
  type Call,
  type Entry,
  endCall,
  keyOf,
  leave,
  open,
  openCall,
  PENDING,
  peek,
  read,
  said,
  tell,
  watch,
} from "./cache.js";
import { settings } from "./configuration.js";
import { MizanError } from "./error.js";
import { Input, keyText, parseHeader } from "./machine.js";
import { keySpec, listSpec, readList } from "./spec.js";
import { get, json, lost, prepare, problem, type Reply, readContext } from "./transport.js";
import type {
  CallOptions,
  Configuration,
  FetchOptions,
  Invalidation,
  Params,
  Registration,
  RegistrationOptions,
  Snapshot,
} from "./types.js";

let calls = 0;

/** Changes settings. Settings that are left out stay as they are. */
export function configure(configuration: Configuration): void {
  Object.assign(settings, configuration);
  settings.baseUrl = settings.baseUrl.replace(/\/?$/, "/");
  settings.isTold = false;
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
  { signal }: FetchOptions = {},
): Promise<T> {
  return fresh<T>(keySpec(context, params), signal);
}

function fresh<T>(spec: string, signal?: AbortSignal, again?: boolean): Promise<T> {
  // A process that serves many must not remember for one what it has fetched for another.
  return (
    (settings.cache ?? globalThis.document)
      ? read(spec, signal, again)
      : get(keyText(spec), signal).then((reply) => readContext(reply).value)
  ) as Promise<T>;
}

/**
 * Calls a function of the server, and invalidates what its answer says that it changed.
 *
 * @param options.awaitRefetch resolve only when what was invalidated and is on the page has been
 * fetched again.
 * @param options.scope calls of one scope are sent one after the other, each when the one before it has
 * been answered. Without a scope, they do not wait for each other.
 * @param options.optimistic what to show until the server's word is there.
 * @throws InvalidKey for a patch of what no context can be.
 * @throws MizanError when the server refuses, or does not answer. In the latter case the function may
 * have run: everything in use is fetched again.
 */
export async function mizanCall<R = unknown>(
  name: string,
  args?: unknown,
  { signal, awaitRefetch = false, scope = "", optimistic = [] }: CallOptions = {},
): Promise<R> {
  signal?.throwIfAborted();
  check(optimistic);
  const send = prepare(name, args ?? {}, signal);
  const call = {
    id: ++calls,
    awaits: awaitRefetch,
    scope,
    patches: optimistic,
  } as Call;
  let reply: Reply;
  try {
    await new Promise<void>((send, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
      call.send = send;
      openCall(call);
    });
    reply = await send();
    // A gateway's word, not the server's: it may have been carried out.
    if (reply.status >= 500 && !/problem/.test(reply.headers.get("Content-Type") ?? "")) {
      throw problem(reply);
    }
  } catch (cause) {
    call.ok = false;
    endCall(call, Input.CallLost);
    throw signal?.aborted ? signal.reason : cause instanceof MizanError ? cause : lost(cause);
  }
  const body = Object(json(reply)) as { result?: R; invalidate?: unknown };
  const header = reply.headers.get("X-Mizan-Invalidate");
  const told = Array.isArray(body.invalidate) || header !== null;
  // A success that does not say what it has changed may have changed anything.
  const list = listSpec(reply.ok && !told ? "" : body.invalidate);
  await new Promise<void>((settle) => {
    call.ok = reply.ok;
    call.settle = settle;
    endCall(call, Input.CallAnswered, [...said(reply), header, list]);
  });
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
 * @param options.enabled whether its subscriptions fetch, and keep the context up to date. Without, they
 * only hear of what others do. Default true.
 * @param options.staleTime a value that is younger than this, in milliseconds, is not fetched again
 * because the page became visible or the network came back. Default 0.
 * @param options.refetchInterval fetch again when the value is as old as this, in milliseconds, while the
 * page is visible. Default 0: do not.
 * @param options.gcTime how long to keep the value when nobody is subscribed any longer, in
 * milliseconds. Default five minutes.
 * @throws InvalidKey for a name, param or value that no context can have.
 */
export function registerContext<T = unknown>(
  context: string,
  params?: Params | null,
  {
    signal,
    enabled = true,
    staleTime = 0,
    refetchInterval = 0,
    gcTime = 3e5,
  }: RegistrationOptions = {},
): Registration<T> {
  const spec = keySpec(context, params);
  const key = keyOf(spec);
  // By being this very object, it also says whose a listener is.
  const options = enabled ? [staleTime, refetchInterval, gcTime] : [];
  let entry: Entry | undefined;
  /** One that was let go of has no snapshot. */
  const look = () => {
    entry = peek(key);
    return entry?.snapshot ?? PENDING;
  };
  const release = () => {
    for (const listener of entry?.listeners ?? []) {
      if (listener.options === options) {
        leave(entry as Entry, listener);
      }
    }
  };
  signal?.addEventListener("abort", release);
  return {
    key,
    wants: options,
    subscribe(callback) {
      // One of its own, as often as a callback subscribes.
      const listener = { callback, options };
      const own = open(spec);
      entry = own;
      own.listeners.add(listener);
      watch(own, listener);
      return () => leave(own, listener);
    },
    getSnapshot: () => (entry?.snapshot ?? look()) as Snapshot<T>,
    getServerSnapshot: () => (peek(key)?.initial ?? PENDING) as Snapshot<T>,
    read: async () => fresh<T>(spec),
    refetch: async () => fresh<T>(spec, undefined, true),
    release,
  };
}

/**
 * Invalidates by hand, for what changed without the server's answer saying so.
 *
 * @throws InvalidKey for a member that no context can match.
 */
export function invalidate(list: readonly Invalidation[]): void {
  check(list.filter((member) => member !== "*"));
  tell(Input.Invalidate, [], [null, null, null, listSpec(list)]);
}

function check(list: readonly Invalidation[]): void {
  for (const member of list) {
    keyOf(listSpec([member]));
  }
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
