import type { Body } from "./body.js";
import { emit, guard, report, settings } from "./configuration.js";
import type { MizanError } from "./error.js";
import { hydratePage } from "./hydration.js";
import { Input, keyText, openContext, renewMachine, tellMachine } from "./machine.js";
import { channel, cookieStore, enterPage, watchPage } from "./page.js";
import { retryAfter } from "./retry.js";
import { listSpec, readList } from "./spec.js";
import type { Texts } from "./texts.js";
import { get, type Reply, readContext } from "./transport.js";
import type { Patch, Snapshot } from "./types.js";
import type { Output, Said } from "./wasm.js";

/** A context that the page has asked for: the half of it that lives in JavaScript. */
export interface Entry {
  handle: number;
  /** What has said it, a spec first. */
  specs: readonly string[];
  readonly key: string;
  /** The newest value of the server, with what stays of older ones. */
  base: unknown;
  /** What the server said then. */
  body: Body | undefined;
  /** What lies over it, in order: the call, and its patch. */
  layers: Layer[];
  /** None once it was let go of. */
  snapshot: Snapshot<unknown> | undefined;
  /** The one that the page came with. */
  initial: Snapshot<unknown> | undefined;
  readonly listeners: Set<Listener>;
  /** The reads that wait. */
  reads: Reads | undefined;
  controller: AbortController | undefined;
}

type Layer = readonly [call: number, update: { [member: string]: Patch["update"][string] }];

/** Who hears of changes, and what was asked for beside the value, as the machine takes it: nothing by who only looks on. */
export interface Listener {
  readonly callback: () => void;
  readonly options: readonly number[];
}

/** Reads that wait for the same value. */
interface Reads {
  readonly value: Promise<unknown>;
  readonly settle: (ok?: number) => void;
  /** How many there are. */
  count: number;
}

/** A call that the machine knows, and whom it answers. */
export interface Call {
  readonly id: number;
  readonly awaits: boolean;
  readonly scope: string;
  patches: readonly Patch[];
  /** Whether it was answered, with success or not. */
  ok?: boolean;
  /** It is its turn. */
  send: () => void;
  /** What it has changed is on the page. */
  settle?: (() => void) | undefined;
}

/** What came with an input, for the outputs that show it. */
interface Arrival {
  readonly body?: Body | undefined;
  readonly error?: MizanError | undefined;
  /** By which other tabs know an invalidation that reaches them in two ways. */
  readonly id?: string;
}

/** Nothing is known. */
export const PENDING: Snapshot<never> = {
  data: undefined,
  error: undefined,
  status: "pending",
  isFetching: false,
  isStale: true,
};

const SOURCES = ["call", "header", "cookie", "tab", "local", "unknown"] as const;

/** What has the headers of an answer. */
const ANSWERS = [Input.Fetched, Input.CallAnswered, Input.Hydrated] as readonly Input[];

/** What the other tabs have to hear of, too. */
const NEWS = [Input.CallAnswered, Input.CallLost, Input.Seen, Input.Invalidate] as readonly Input[];

export const entries: (Entry | undefined)[] = [];
/** The entries by key, and by each spec that has said it. */
export const opened = new Map<string, Entry>();
const calls = new Map<number, Call>();
/** What is still to be done. */
let waiting: (readonly [Said, Arrival])[] = [];
/** Whose listeners are still to hear of it. */
const changed = new Set<Entry>();
/** How many entries have reads that wait. */
let reading = 0;
let performing = false;
/** The machine has broken down, and there is no other one yet. */
let broken = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let started = false;
/** Who the server has said that is logged in, in what the machine has been told. */
let identity: string | undefined;

/** Tells the machine what happened, and does what it says. What is missing may be omitted. */
export function tell(
  input: Input,
  numbers: readonly number[] = [],
  texts: Texts = [],
  arrival: Arrival = {},
): void {
  start();
  if (!settings.isTold) {
    settings.isTold = true;
    const { schema, retries = 3, concurrency = 64 } = settings;
    tell(Input.Configure, [Math.random() * 2 ** 32, retries, concurrency], [identity, schema]);
  }
  const said = broken ? undefined : tellMachine(input, numbers, texts);
  if (said) {
    if (texts[0] && ANSWERS.includes(input)) {
      identity = texts[0];
    }
    perform(said, arrival);
  } else if (NEWS.includes(input)) {
    share("*");
  }
}

/** Tells the other tabs what was invalidated. */
function share(keys: string, id?: string): void {
  channel?.postMessage({ list: readList(keys), id: id ?? `${Math.random()}` });
}

/** Begins with what the page came with. */
function start(): void {
  if (!started) {
    // Where there is no machine, nothing begins: this throws why.
    keyText("a");
    started = true;
    if (globalThis.document) {
      hydratePage();
      watchPage();
    }
  }
}

/** The entry of the context that a spec says, made where there is none. */
export function open(spec: string): Entry {
  const known = opened.get(spec);
  if (known) {
    return known;
  }
  const [handle, key] = openContext(spec);
  const entry: Entry = opened.get(key) ?? {
    handle,
    specs: [],
    key,
    base: undefined,
    body: undefined,
    layers: [],
    snapshot: PENDING,
    initial: undefined,
    listeners: new Set(),
    reads: undefined,
    controller: undefined,
  };
  entry.specs = [...entry.specs, spec, key];
  opened.set(key, entry).set(spec, entry);
  // What the broken machine has still said is not about this one.
  if (!broken) {
    entries[handle] = entry;
  }
  return entry;
}

/**
 * The key that a spec says.
 *
 * @throws InvalidKey
 */
export function keyOf(spec: string): string {
  return opened.get(spec)?.key ?? keyText(spec);
}

/** What is known of a key. Asking makes no entry. */
export function peek(key: string): Entry | undefined {
  start();
  return opened.get(key);
}

/**
 * Resolves with the value of the context that a spec says, as soon as one is there that the machine calls
 * fresh; `again` asks for a newer one than there is.
 */
export function read(spec: string, signal?: AbortSignal, again?: boolean): Promise<unknown> {
  if (performing) {
    // What the machine has said already is for those who have asked before.
    return Promise.resolve().then(() => read(spec, signal, again));
  }
  signal?.throwIfAborted();
  const entry = open(spec);
  if (again) {
    tell(Input.Refetch, [entry.handle]);
  }
  const reads = entry.reads ?? begin(entry);
  reads.count++;
  if (!signal) {
    return reads.value;
  }
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      // First of all, or it would be rejected as the others' value is.
      reject(signal.reason);
      if (!--reads.count && entry.reads === reads) {
        reads.settle();
        tell(Input.Unread, [entry.handle]);
      }
    };
    signal.addEventListener("abort", giveUp);
    reads.value.then(resolve, reject).then(() => signal.removeEventListener("abort", giveUp));
  });
}

/** The first read that waits. The machine need not know how many there are. */
function begin(entry: Entry): Reads {
  let settle!: Reads["settle"];
  const value = new Promise((resolve, reject) => {
    settle = (ok) => {
      entry.reads = undefined;
      reading--;
      if (ok) {
        resolve(entry.base);
      } else {
        reject(entry.snapshot?.error);
      }
    };
  });
  const reads = { value, settle, count: 0 };
  entry.reads = reads;
  reading++;
  tell(Input.Read, [entry.handle]);
  return reads;
}

/** Makes a call known. */
export function openCall(call: Call): void {
  calls.set(call.id, call);
  tell(
    Input.Call,
    [call.id, Number(call.awaits)],
    [`${call.scope}`, null, null, listSpec(call.patches)],
  );
}

/** The answer of a call is there, or will never be. */
export function endCall(call: Call, input: Input, texts?: Texts): void {
  tell(input, [call.id, Number(call.ok)], texts);
}

/**
 * Outputs are performed in the order of their inputs: what a performed output causes in turn waits
 * until it is done. Listeners hear of a whole batch at once.
 */
function perform(said: Said, arrival: Arrival): void {
  waiting.push([said, arrival]);
  if (performing) {
    return;
  }
  performing = true;
  for (const [[outputs, text], arrival] of waiting) {
    for (const output of outputs) {
      guard(act, output, text, arrival);
    }
  }
  waiting = [];
  performing = false;
  // A process stays for a read or call that waits, but not to let go of what nobody wants.
  (timer as { ref?: () => void; unref?: () => void })?.[reading + calls.size ? "ref" : "unref"]?.();
  for (const entry of changed) {
    changed.delete(entry);
    for (const listener of [...entry.listeners]) {
      // One that was told before may have made this one leave.
      if (entry.listeners.has(listener)) {
        guard(listener.callback);
      }
    }
  }
}

/** The table in core/src/wire.rs. */
function act([kind, number, detail]: Output, text: string, arrival: Arrival): void {
  const entry = entries[number] as Entry;
  switch (kind) {
    case 0:
      load(entry, detail);
      break;
    case 1:
      entry.controller?.abort();
      // Why it was aborted remembers where, and so everything that was at hand there.
      entry.controller = undefined;
      break;
    case 2:
      publish(entry, detail, arrival);
      changed.add(entry);
      break;
    case 3:
      entry.reads?.settle(detail);
      break;
    case 4:
      delete entries[number];
      if (entry.listeners.size) {
        // They only look on: to the machine there is nobody.
        enter(entry);
        entry.snapshot = { ...(entry.snapshot as Snapshot<unknown>), isStale: true };
        changed.add(entry);
      } else {
        forget(entry);
      }
      break;
    case 5:
      calls.get(number)?.settle?.();
      calls.delete(number);
      break;
    case 6: {
      const source = SOURCES[number & 7] as (typeof SOURCES)[number];
      if (number & 8 || (source === "cookie" && !cookieStore)) {
        share(text, arrival.id);
      }
      emit({
        type: "invalidate",
        source,
        // Read only where somebody looks at it.
        get list() {
          return readList(text);
        },
      });
      break;
    }
    case 7:
      channel?.postMessage({ identity: identity as string });
      break;
    case 8:
      if (number) {
        // What somebody else has patched is not for this one to see.
        for (const call of calls.values()) {
          call.patches = [];
        }
      }
      emit({ type: number ? "identity" : "outdated" });
      break;
    case 9: {
      const what = number ? "X-Mizan-Invalidate" : "invalidate";
      report(`Cannot read ${what} at index ${detail}`);
      break;
    }
    case 10:
      clearTimeout(timer);
      if (number) {
        timer = setTimeout(() => tell(Input.Tick), detail);
      }
      break;
    case 11:
      calls.get(number)?.send();
      break;
    case 12:
      entry.layers = entry.layers.filter(([call]) => call !== detail);
      break;
    default:
      entry.layers.push([detail, { ...calls.get(detail)?.patches[kind - 16]?.update }]);
  }
}

function publish(entry: Entry, flags: number, arrival: Arrival): void {
  const snapshot = entry.snapshot as Snapshot<unknown>;
  const gone = (flags & 15) === 6;
  // Only where it is this entry's: what is whole has members of the older value.
  entry.base = [entry.base, whole(entry.base, arrival.body?.value)][flags & 3];
  entry.body = [entry.body, arrival.body][flags & 3];
  if (flags & 2) {
    // What somebody else has seen is not drawn again.
    entry.initial = undefined;
  }
  const error = [snapshot.error, arrival.error][(flags >> 2) & 3];
  const data = entry.layers.reduce(patched, entry.base);
  // An error that stays is as it was.
  const failed = gone ? "gone" : flags & 4 ? "error" : snapshot.status;
  entry.snapshot = {
    data,
    error,
    status: error ? failed : data === undefined ? "pending" : "success",
    isFetching: (flags & 16) > 0,
    isStale: (flags & 32) > 0,
  };
}

/** A value with one patch more. What is not there cannot be patched. */
function patched(value: unknown, [, update]: Layer): unknown {
  const members = { ...(value as Record<string, unknown>) };
  for (const [name, change] of Object.entries(update)) {
    if (Object.hasOwn(members, name)) {
      // One that throws is not asked again.
      delete update[name];
      guard(() => {
        members[name] = change(members[name]);
        update[name] = change;
      });
    }
  }
  return value && members;
}

/**
 * A bundle in which functions failed alone (protocol rule C4) keeps their older members, unless the
 * server has said that they are gone or not for this one to see.
 */
function whole(old: unknown, value: unknown): unknown {
  let kept = value;
  for (const [name, problem] of Object.entries(Object(Object(value).$errors))) {
    if (Object(problem).status > 410 && Object.hasOwn(Object(old), name)) {
      // Another object: the server's own value goes with its bytes, and is not changed.
      kept = { ...Object(kept), [name]: Object(old)[name] };
    }
  }
  return kept;
}

async function load(entry: Entry, fetch: number): Promise<void> {
  const controller = new AbortController();
  entry.controller = controller;
  emit({ type: "fetch", key: entry.key });
  let reply: Reply | undefined;
  let body: Body | undefined;
  let error: MizanError | undefined;
  try {
    reply = await get(entry.key, controller.signal);
    body = readContext(reply, entry.body);
  } catch (cause) {
    error = cause as MizanError;
  }
  if (!controller.signal.aborted) {
    entry.controller = undefined;
    // 1 stands for a success that cannot be read.
    const status = body ? 200 : !reply ? 0 : reply.ok ? 1 : reply.status;
    const numbers = [entry.handle, fetch, status, retryAfter(reply)];
    tell(Input.Fetched, numbers, said(reply), { body, error });
    emit({ type: "settle", key: entry.key, status: reply?.status ?? 0 });
  }
}

/** The headers that every answer of the server may have. */
export function said(reply?: Reply): Texts {
  return [reply?.headers.get("X-Mizan-Identity"), reply?.headers.get("X-Mizan-Schema")];
}

/** Makes an entry known to the machine that it does not know any more. */
function enter(entry: Entry): void {
  [entry.handle] = openContext(entry.specs[0] as string);
  entries[entry.handle] = entry;
}

/** The entry is kept up to date for a listener, unless that only looks on. */
export function watch({ handle }: Entry, { options }: Listener, input = Input.Subscribe): void {
  if (options.length) {
    tell(input, [handle, ...options]);
  }
}

/** A listener hears of nothing more. */
export function leave(entry: Entry, listener: Listener): void {
  if (entry.listeners.delete(listener)) {
    watch(entry, listener, Input.Unsubscribe);
  }
}

/** Nobody can ask for the entry any more; who comes next gets a new one. */
function forget(entry: Entry): void {
  entry.snapshot = undefined;
  for (const spec of entry.specs) {
    opened.delete(spec);
  }
}

/**
 * The machine has broken. What is asked of it meanwhile is told to the next one, which is not there at
 * once: what it is told may break that one, too.
 */
export function breakDown(cause: unknown): void {
  if (!broken) {
    broken = true;
    setTimeout(revive, 1000);
  }
  report("WebAssembly has broken down", cause);
}

/**
 * A new machine knows nothing. What the page shows stays; it is told who wants what, and fetches it all
 * again, because nobody knows what the broken one has missed.
 */
function revive(): void {
  broken = false;
  settings.isTold = false;
  // Who listens hears of it when everything is told.
  performing = true;
  try {
    const known = new Set(opened.values());
    for (const entry of known) {
      entry.controller?.abort();
      if (entry.listeners.size || entry.reads) {
        // The next machine knows no calls that are over.
        const kept = entry.layers.filter(([call]) => calls.get(call)?.ok ?? !calls.has(call));
        entry.base = kept.reduce(patched, entry.base);
        entry.layers = [];
        enter(entry);
      } else {
        forget(entry);
      }
    }
    enterPage();
    for (const [id, call] of calls) {
      if (call.ok === undefined) {
        openCall(call);
      } else {
        call.settle?.();
        calls.delete(id);
      }
    }
    for (const entry of known) {
      for (const listener of entry.listeners) {
        watch(entry, listener);
      }
      if (entry.reads) {
        tell(Input.Read, [entry.handle]);
      }
    }
  } catch (cause) {
    breakDown(cause);
  }
  performing = false;
  perform([[], ""], {});
}

/**
 * Nothing was asked for yet. Who is still subscribed hears of nothing more, and who waits does so for good: as in
 * a page that was left.
 */
export function clear(): void {
  for (const entry of new Set(opened.values())) {
    entry.controller?.abort();
    // Whoever leaves or gives up from now on is nobody whom the next machine knows.
    entry.listeners.clear();
    entry.reads = undefined;
    forget(entry);
  }
  entries.length = 0;
  calls.clear();
  reading = 0;
  broken = false;
  identity = undefined;
  clearTimeout(timer);
  settings.isTold = false;
  renewMachine();
  if (started) {
    enterPage();
  }
}
