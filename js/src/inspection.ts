// For whoever looks in from outside, as the devtools do. Nothing of this is in a page that does not import it:
// what the page does anyway is looked at from here, and tells nobody by itself.

import { type Entry, entries, opened } from "./cache.js";
import { registerContext } from "./client.js";
import { emit, guard, settings } from "./configuration.js";
import { Input, machine } from "./machine.js";
import { registerContext as registerShared } from "./shared.js";
import { readList } from "./spec.js";
import type { Configuration, Invalidation, MizanEvent, Snapshot } from "./types.js";
import type { Output, Said } from "./wasm.js";

/** A context that the page has asked for, as it is now. */
export interface Inspection {
  /** The context's name and params as canonical text, `user?user_id=5`. */
  readonly key: string;
  /** The same as `invalidate` takes it. */
  readonly context: Invalidation;
  readonly state: Snapshot<unknown>;
  /** How many subscriptions there are; those that only look on are among them. */
  readonly subscribers: number;
  /** The bytes of the newest answer; `undefined` for what came with the page. */
  readonly size: number | undefined;
}

/** Why a context was fetched. */
export interface Cause {
  /**
   * What made the cache fetch: somebody came who wants the value (`subscribe`, `read`), asked for a newer one
   * (`refetch`), or it was no longer true or due. `retry`: the fetch before this one had failed.
   */
  readonly type:
    | "subscribe"
    | "read"
    | "refetch"
    | "invalidation"
    | "identity"
    | "interval"
    | "visible"
    | "online"
    | "retry";
  /** The number of the invalidation since which the value is no longer true. */
  readonly invalidation?: number | undefined;
}

/** An entry that an invalidation has named. */
export interface Affected {
  readonly key: string;
  /** It is fetched again at once. Otherwise nobody wants it, and it waits until somebody does. */
  readonly isFetching: boolean;
}

/** What happens, in the order in which it does. Calls and invalidations have numbers of their own. */
export type Activity =
  | {
      readonly type: "call";
      readonly call: number;
      readonly name: string;
      readonly args: unknown;
    }
  /** `status` is 0 where no answer came. */
  | {
      readonly type: "answer";
      readonly call: number;
      readonly status: number;
      /** An invalidation follows. */
      readonly isInvalidating: boolean;
    }
  | {
      readonly type: "invalidate";
      readonly invalidation: number;
      /** By whose answer, or for want of it. */
      readonly call: number | undefined;
      readonly source: (MizanEvent & { type: "invalidate" })["source"];
      readonly list: readonly Invalidation[];
      readonly affected: readonly Affected[];
    }
  | { readonly type: "fetch"; readonly key: string; readonly cause: Cause }
  /** `isFetching`: another fetch of the same follows, or waits for its turn. */
  | { readonly type: "abort"; readonly key: string; readonly isFetching: boolean }
  | {
      readonly type: "settle";
      readonly key: string;
      readonly isFetching: boolean;
      /** 0 where no answer came, or one that cannot be read. */
      readonly status: number;
      /** `same`: the bytes were those that were known. `unused`: somebody else is logged in by now. */
      readonly outcome: "changed" | "same" | "unused" | "failed";
      /** The members that are other ones than before. */
      readonly members: readonly string[];
      readonly size: number | undefined;
    }
  /** An entry is another one, but for a fetch that was answered. `isNew`: its value came with the page. */
  | { readonly type: "publish"; readonly key: string; readonly isNew: boolean }
  /** Nobody has wanted it for a while. */
  | { readonly type: "collect"; readonly key: string }
  | Extract<MizanEvent, { type: "identity" | "outdated" | "error" }>;

export type ActivityListener = (activity: Activity) => void;

const SOURCES = ["call", "header", "cookie", "tab", "local", "unknown"] as const;

/** The inputs after which something is fetched for their own sake. */
const CAUSES: { readonly [input: number]: Cause["type"] } = {
  [Input.Subscribe]: "subscribe",
  [Input.Read]: "read",
  [Input.Refetch]: "refetch",
  [Input.Visible]: "visible",
  [Input.Online]: "online",
  [Input.Tick]: "interval",
};

/** A call on its way. Its body says which one it is, should it have to be sent again. */
interface Sent {
  readonly call: number;
  readonly body: unknown;
  status: number;
}

const listeners = new Set<ActivityListener>();
let restore = () => {};

let calls = 0;
let invalidations = 0;
/** The call whose answer is being read right now. */
let answering: Sent | undefined;
/** Those that were refused; they may be sent again with another token. */
let refused: Sent[] = [];
/** Those to which no answer came, in this order. */
let lost: Sent[] = [];
/** The calls whose turn it was, by the machine's own number. */
const turns = new Set<number>();
/** Why the next fetch of an entry will be, and why the last one was. */
let next = new WeakMap<Entry, Cause>();
let last = new WeakMap<Entry, Cause>();
/** Whether the machine has said of an entry that it is being fetched. */
let fetching = new WeakMap<Entry, boolean>();

/** Every context that the page has asked for and that was not let go of, as it is now. */
export function inspect(): Inspection[] {
  return [...new Set(opened.values())].map((entry) => {
    const [context] = readList(entry.key) as [Invalidation];
    return {
      key: entry.key,
      context,
      state: entry.snapshot as Snapshot<unknown>,
      subscribers: entry.listeners.size,
      size: entry.body?.bytes?.length,
    };
  });
}

/**
 * Calls back with everything that happens from now on, beside `onEvent`, until the result is called.
 *
 * @throws Error where the page uses another copy of the package.
 */
export function observe(listener: ActivityListener): () => void {
  if (registerShared !== registerContext) {
    throw new Error(
      "The page uses another copy of @mizan/runtime, which was loaded before this one: load one copy only",
    );
  }
  // One of its own, as often as a function observes.
  const own: ActivityListener = (activity) => listener(activity);
  if (!listeners.size) {
    restore = begin();
  }
  listeners.add(own);
  return () => {
    if (listeners.delete(own) && !listeners.size) {
      restore();
    }
  };
}

function begin(): () => void {
  const { tell } = machine;
  machine.tell = (text, kind = 0, numbers = []) => {
    // Only now it is certain whose answer it is.
    const call = ended(kind, numbers);
    const said = tell(text, kind, numbers);
    if (said && kind <= Input.Hydrated) {
      const [outputs] = said;
      Object.assign(outputs, { [Symbol.iterator]: () => follow(kind, numbers, said, call) });
    }
    return said;
  };
  let aside = false;
  const endEvents = replace("onEvent", (own) => {
    if (aside) {
      aside = false;
      return own;
    }
    return (event) => {
      if (event.type === "identity" || event.type === "outdated" || event.type === "error") {
        announce(event);
      }
      // What the page has set gets it as if nobody observed, and if it has set nothing, the console.
      aside = true;
      emit(event);
    };
  });
  const endFetch = replace(
    "fetch",
    (own) => (url, init) => watch((own ?? globalThis.fetch)(url as string, init), `${url}`, init),
  );
  return () => {
    machine.tell = tell;
    endEvents();
    endFetch();
    [refused, lost, answering] = [[], [], undefined];
    turns.clear();
    [next, last, fetching] = [new WeakMap(), new WeakMap(), new WeakMap()];
  };
}

/** Puts a setting in the place of the page's own, which the page may go on to set. */
function replace<K extends "fetch" | "onEvent">(
  name: K,
  stand: (own: Configuration[K]) => Configuration[K],
): () => void {
  let own = settings[name];
  Object.defineProperty(settings, name, {
    configurable: true,
    enumerable: true,
    get: () => stand(own),
    set: (value) => {
      own = value;
    },
  });
  return () => {
    delete settings[name];
    if (own) {
      settings[name] = own;
    }
  };
}

function announce(activity: Activity): void {
  for (const listener of listeners) {
    guard(listener, activity);
  }
}

/** Looks at the request of a call. */
function watch(pending: Promise<Response>, url: string, init: RequestInit = {}): Promise<Response> {
  const { method, body } = init;
  if (method) {
    const again = refused.findIndex((other) => other.body === body);
    const [known] = again < 0 ? [] : refused.splice(again, 1);
    const sent = known ?? { call: ++calls, body, status: 0 };
    if (!known) {
      announce({ type: "call", call: sent.call, ...nameOf(url, body) });
    }
    const lose = () => {
      sent.status = 0;
      lost.push(sent);
    };
    pending.then((response) => {
      const { status, headers, arrayBuffer } = response;
      sent.status = status;
      if (status === 401 || status === 403) {
        refused = [...refused.slice(-9), sent];
      }
      const { get } = headers;
      // Whoever makes a call reads its answer's headers, and tells the machine in the same breath.
      headers.get = (name) => {
        answering = sent;
        queueMicrotask(() => {
          answering = undefined;
        });
        return get.call(headers, name);
      };
      response.arrayBuffer = () => {
        const bytes = arrayBuffer.call(response);
        bytes.catch(lose);
        return bytes;
      };
    }, lose);
  }
  return pending;
}

/** The function that a request calls, and its args. */
function nameOf(url: string, body: unknown): { name: string; args: unknown } {
  const said = JSON.parse(body as string);
  const template = settings.endpoints?.call ?? "call/";
  const [before, after] = (settings.baseUrl + template).split("{name}") as [string, string?];
  if (after === undefined) {
    return { name: said.function, args: said.args };
  }
  return {
    name: decodeURIComponent(url.slice(before.length, url.length - after.length)),
    args: said,
  };
}

/** The call that an input ends, if one was sent. */
function ended(kind: number, [call]: readonly number[]): Sent | undefined {
  if (kind !== Input.CallAnswered && kind !== Input.CallLost) {
    return undefined;
  }
  // One that was given up before its turn has sent nothing.
  const sent = turns.delete(call as number)
    ? (answering ?? lost.shift() ?? refused.shift())
    : undefined;
  answering = undefined;
  refused = refused.filter((other) => other !== sent);
  return sent;
}

/** Tells what the outputs of an input are about, each when it is performed (core/src/wire.rs). */
function* follow(
  kind: number,
  numbers: readonly number[],
  [outputs, text]: Said,
  call: Sent | undefined,
): Generator<Output> {
  const all = Array.from({ length: outputs.length }, (_, at) => outputs[at] as Output);
  let cause: Cause | undefined = CAUSES[kind] && { type: CAUSES[kind] };
  if (call) {
    const isInvalidating = all.some(([what]) => what === 6);
    announce({ type: "answer", call: call.call, status: call.status, isInvalidating });
  }
  let named = new Set<Entry>();
  const was = new Map<Entry, boolean>();
  for (const [what, handle, flags] of all) {
    const entry = entries[handle];
    if (what === 2 && entry) {
      if (!was.has(entry)) {
        was.set(entry, entry.snapshot?.isFetching ?? false);
      }
      fetching.set(entry, (flags & 16) > 0);
    }
  }
  const fetched = kind === Input.Fetched ? entries[numbers[0] as number] : undefined;
  const settle = fetched && settlement(fetched, numbers, all);

  for (const [at, output] of all.entries()) {
    const [what, number, flags] = output;
    const entry = entries[number] as Entry;
    if (what === 6) {
      const invalidation = ++invalidations;
      cause = { type: "invalidation", invalidation };
      named = namedBy(all.slice(at));
      const affected = [...named].map((entry) => ({
        key: entry.key,
        isFetching: fetching.get(entry) ?? false,
      }));
      announce({
        type: "invalidate",
        invalidation,
        call: call?.call,
        source: SOURCES[number & 7] as (typeof SOURCES)[number],
        list: readList(text),
        affected,
      });
    } else if (what === 0) {
      settle?.();
    }

    yield output;

    if (what === 0) {
      const known = next.get(entry);
      // What was tried before has its cause still.
      const cause = known ?? { ...last.get(entry), type: "retry" };
      next.delete(entry);
      last.set(entry, cause);
      announce({ type: "fetch", key: entry.key, cause });
      entry.controller?.signal.addEventListener("abort", () => {
        announce({ type: "abort", key: entry.key, isFetching: fetching.get(entry) ?? false });
      });
    } else if (what === 2) {
      if ((flags & 15) === 10) {
        next.set(entry, { type: "identity" });
      } else if (cause?.type === "invalidation") {
        if (named.has(entry)) {
          next.set(entry, cause);
        }
      } else if (cause && flags & 16 && (kind === Input.Refetch || !was.get(entry))) {
        next.set(entry, { ...next.get(entry), type: cause.type });
      }
      if (entry !== fetched) {
        announce({ type: "publish", key: entry.key, isNew: kind === Input.Hydrated });
      }
    } else if (what === 11) {
      turns.add(number);
    } else if (what === 4) {
      announce({ type: "collect", key: entry.key });
    }
  }
  settle?.();
}

/** The entries that an invalidation names: it publishes each, before it takes off the patches of its call. */
function namedBy([, ...outputs]: readonly Output[]): Set<Entry> {
  const end = outputs.findIndex(([what]) => what === 5 || what === 12);
  const own = end < 0 ? outputs : outputs.slice(0, end);
  return new Set(
    own.flatMap(([what, handle]) => (what === 2 ? [entries[handle] ?? []].flat() : [])),
  );
}

/** What says, once, what has become of a fetch that was answered. */
function settlement(
  entry: Entry,
  [handle, , status]: readonly number[],
  outputs: readonly Output[],
): () => void {
  const { body } = entry;
  const before = Object(entry.base);
  const isTaken = outputs.some(
    ([what, number, flags]) => what === 2 && number === handle && (flags & 3) === 1,
  );
  let told = false;
  return () => {
    if (!told) {
      told = true;
      const after = Object(entry.base);
      announce({
        type: "settle",
        key: entry.key,
        isFetching: fetching.get(entry) ?? false,
        status: status === 1 ? 0 : (status as number),
        outcome:
          status !== 200
            ? "failed"
            : !isTaken
              ? "unused"
              : entry.body === body
                ? "same"
                : "changed",
        members: Object.keys(after).filter((name) => after[name] !== before[name]),
        size: entry.body?.bytes?.length,
      });
    }
  };
}
