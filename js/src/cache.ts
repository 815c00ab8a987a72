import type { Body } from "./body.js";
import { emit, guard, settings } from "./configuration.js";
import type { MizanError } from "./error.js";
import { Input, keyText, type Output, openContext, type Texts, tellMachine } from "./machine.js";
import { cookieStore, post, watchPage } from "./page.js";
import { readList } from "./spec.js";
import { type ContextReply, get, problem, type Reply } from "./transport.js";
import type { Snapshot } from "./types.js";

/** A context that the page has asked for: the half of it that lives in JavaScript. */
export interface Entry {
  readonly handle: number;
  readonly spec: string;
  readonly key: string;
  snapshot: Snapshot<unknown>;
  /** What the server said last, while something of it is shown. */
  body?: Body | undefined;
  readonly listeners: Set<() => void>;
  readonly reads: Set<Read>;
  controller?: AbortController;
}

interface Read {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A value or an error that came with an input, for the outputs that show it. */
interface Arrival {
  readonly body?: Body | undefined;
  readonly error?: MizanError;
}

/** Nothing is known. */
const PENDING: Snapshot<never> = {
  data: undefined,
  error: undefined,
  status: "pending",
  isFetching: false,
  isStale: true,
};

const SOURCES = ["call", "header", "cookie", "tab", "local", "unknown"] as const;

const entries: (Entry | undefined)[] = [];
/** The entries by key, and by each spec that has said it. */
const opened = new Map<string, Entry>();
const settled = new Map<number, () => void>();
const waiting: [Output[], Arrival][] = [];
let performing = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let started = false;
let toldSchema: string | undefined;

/** Tells the machine what happened, and does what it says. Texts that are missing may be omitted. */
export function tell(
  input: Input,
  number = 0,
  texts: Texts = [],
  arrival: Arrival = {},
  fetch = 0,
  status = 0,
): void {
  if (!started) {
    started = true;
    watchPage();
  }
  if (settings.schema !== toldSchema) {
    toldSchema = settings.schema;
    tell(Input.Schema, 0, [null, toldSchema]);
  }
  perform(tellMachine(input, number, texts, fetch, status), arrival);
}

/** Whether anything can be invalidated yet. */
export function isIdle(): boolean {
  return !started;
}

/** The entry of the context that a spec says, made where there is none. */
export function open(spec: string): Entry {
  const known = opened.get(spec);
  if (known) {
    return known;
  }
  const key = keyText(spec);
  const handle = openContext(spec);
  const entry: Entry = entries[handle] ?? {
    handle,
    spec,
    key,
    snapshot: PENDING,
    listeners: new Set(),
    reads: new Set(),
  };
  entries[handle] = entry;
  opened.set(key, entry).set(spec, entry);
  return entry;
}

/** What is known of a key. Asking makes no entry. */
export function peek(key: string): Snapshot<unknown> {
  return opened.get(key)?.snapshot ?? PENDING;
}

/** Resolves with the entry's value, as soon as one is there that the machine calls fresh. */
export function read<T>(entry: Entry, signal?: AbortSignal): Promise<T> {
  let giveUp: () => void;
  return new Promise<T>((resolve, reject) => {
    signal?.throwIfAborted();
    const read = { resolve, reject } as Read;
    entry.reads.add(read);
    giveUp = () => {
      if (entry.reads.delete(read)) {
        tell(Input.Unread, entry.handle);
        reject(signal?.reason);
      }
    };
    signal?.addEventListener("abort", giveUp);
    tell(Input.Read, entry.handle);
  }).finally(() => signal?.removeEventListener("abort", giveUp));
}

/** Resolves when the machine calls the call settled. */
export function settlement(call: number): Promise<void> {
  return new Promise((resolve) => {
    settled.set(call, resolve);
  });
}

/**
 * Outputs are performed in the order of their inputs: what a performed output causes in turn waits
 * until it is done. Listeners hear of a whole batch at once.
 */
function perform(outputs: Output[], arrival: Arrival): void {
  waiting.push([outputs, arrival]);
  if (performing) {
    return;
  }
  performing = true;
  const changed = new Set<Entry>();
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [outputs, arrival] = next;
    for (const each of outputs) {
      guard(() => output(each, arrival, changed));
    }
  }
  performing = false;
  for (const entry of changed) {
    for (const listener of [...entry.listeners]) {
      guard(listener);
    }
  }
}

/** The table in src/outputs.rs. */
function output([kind, number, detail, text]: Output, arrival: Arrival, changed: Set<Entry>): void {
  const entry = entries[number] as Entry;
  switch (kind) {
    case 0:
      load(entry, detail);
      break;
    case 1:
      entry.controller?.abort();
      break;
    case 2:
      publish(entry, detail, arrival);
      changed.add(entry);
      break;
    case 3:
      for (const read of entry.reads) {
        if (detail) {
          read.resolve(entry.snapshot.data);
        } else {
          read.reject(entry.snapshot.error);
        }
      }
      entry.reads.clear();
      break;
    case 4:
      delete entries[number];
      for (const [spec, other] of opened) {
        if (other === entry) {
          opened.delete(spec);
        }
      }
      break;
    case 5:
      settled.get(number)?.();
      settled.delete(number);
      break;
    case 6: {
      const source = SOURCES[number & 7] as (typeof SOURCES)[number];
      const list = readList(text);
      if (number & 8 || (source === "cookie" && !cookieStore)) {
        post({ list });
      }
      emit({ type: "invalidate", source, list });
      break;
    }
    case 7:
      post({ identity: text });
      break;
    case 8:
      emit({ type: number ? "identity" : "outdated" });
      break;
    case 9: {
      const what = number ? "X-Mizan-Invalidate" : "invalidate";
      emit({ type: "error", error: new Error(`Cannot read ${what} at index ${detail}`) });
      break;
    }
    case 10:
      clearTimeout(timer);
      if (number) {
        timer = setTimeout(() => tell(Input.Tick), detail);
        // Letting go of what nobody wants is no reason for a process to stay.
        (timer as { unref?: () => void }).unref?.();
      }
  }
}

function publish(entry: Entry, flags: number, arrival: Arrival): void {
  const { snapshot } = entry;
  const { body } = arrival;
  const data = [snapshot.data, whole(snapshot.data, body?.value)][flags & 3];
  entry.body = [entry.body, body][flags & 3];
  const error = [snapshot.error, arrival.error][(flags >> 2) & 3];
  entry.snapshot = {
    data,
    error,
    status: error ? "error" : data === undefined ? "pending" : "success",
    isFetching: (flags & 16) > 0,
    isStale: (flags & 32) > 0,
  };
}

/**
 * A bundle in which functions failed alone (protocol rule C4) keeps their older members, unless the
 * server has said that they are gone or not for this one to see.
 */
function whole(old: unknown, value: unknown): unknown {
  const { $errors } = Object(value) as { $errors?: Record<string, MizanError> };
  const kept = Object.entries($errors ?? {}).filter(
    ([name, { status }]) => status > 410 && Object.hasOwn(Object(old), name),
  );
  // Another object: the server's own value goes with its print, and is not changed.
  return kept.length
    ? { ...Object(value), ...Object.fromEntries(kept.map(([name]) => [name, Object(old)[name]])) }
    : value;
}

async function load(entry: Entry, fetch: number): Promise<void> {
  const controller = new AbortController();
  entry.controller = controller;
  emit({ type: "fetch", key: entry.key });
  let reply: ContextReply | undefined;
  let error: MizanError | undefined;
  try {
    reply = await get(entry.key, controller.signal, entry);
    error = reply.ok ? undefined : problem(reply);
  } catch (failure) {
    error = failure as MizanError;
  }
  if (!controller.signal.aborted) {
    const status = error ? error.status : 200;
    const arrival = error ? { error } : { body: reply?.read };
    tell(Input.Fetched, entry.handle, said(reply), arrival, fetch, status);
    emit({ type: "settle", key: entry.key, status: reply?.status ?? 0 });
  }
}

/** The headers that every answer of the server may have. */
export function said(reply?: Reply): Texts {
  return [reply?.headers.get("X-Mizan-Identity"), reply?.headers.get("X-Mizan-Schema")];
}
