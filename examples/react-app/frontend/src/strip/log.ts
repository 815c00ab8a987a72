import { formatInvalidateHeader, type MizanEvent } from "@mizan/runtime";

/** One line of the strip: what happened, and the fetches that followed from it. */
export interface Entry {
  id: number;
  cause: string;
  /** What was invalidated, as the header would write it. */
  names: string;
  /** `status`: the response's; 0 without one, undefined while under way. */
  fetches: { key: string; status: number | "dropped" | undefined }[];
  /** How many keys the page had fetched by then. */
  known: number;
  /** Milliseconds since the page began to load. */
  at: number;
}

export const OPENED = "Opened";
/** For how long after an event a refetch counts as its effect. */
const EFFECT_MS = 1000;
const KEPT = 20;
const SOURCES = {
  call: "A call",
  header: "A response header",
  cookie: "A redirect",
  tab: "Another tab",
  local: "The page",
  unknown: "A call without an answer",
};

let entries: readonly Entry[] = [];
let nextId = 1;
const known = new Set<string>();
const listeners = new Set<() => void>();

export const log = (): readonly Entry[] => entries;

export function subscribeLog(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes the runtime's events and groups each fetch with what caused it. */
export function record(event: MizanEvent): void {
  switch (event.type) {
    case "invalidate":
      add(`${SOURCES[event.source]} invalidated`, formatInvalidateHeader(event.list));
      break;
    case "identity":
      add("Another person: everything was dropped", "");
      break;
    case "outdated":
      add("The server has a newer schema: reload", "");
      break;
    case "error":
      add("Error", event.error.message);
      break;
    case "fetch":
      fetched(event.key);
      break;
    case "settle":
      settled(event.key, event.status);
      break;
  }
  // Not at once: a component that suspends fetches while it is drawn, and nothing else may be drawn anew then.
  queueMicrotask(() => {
    for (const listener of listeners) listener();
  });
}

function add(cause: string, names: string): void {
  const entry = { id: nextId++, cause, names, fetches: [], known: known.size };
  entries = [{ ...entry, at: performance.now() }, ...entries].slice(0, KEPT);
}

/** A key fetched for the first time was opened by somebody; any other is a refetch. */
function fetched(key: string): void {
  settled(key, "dropped"); // Whatever was under way for this key is so no longer.
  const opened = !known.has(key);
  known.add(key);
  const fits = ({ cause, at }: Entry) =>
    opened === (cause === OPENED) && performance.now() - at < EFFECT_MS;
  if (!entries.some(fits)) add(opened ? OPENED : "Revalidated", "");
  change(entries.findIndex(fits), (entry) => ({
    ...entry,
    known: known.size,
    fetches: [...entry.fetches, { key, status: undefined }],
  }));
}

function settled(key: string, status: number | "dropped"): void {
  const waits = (fetch: Entry["fetches"][number]) =>
    fetch.key === key && fetch.status === undefined;
  const index = entries.findIndex((entry) => entry.fetches.some(waits));
  change(index, (entry) => ({
    ...entry,
    fetches: entry.fetches.map((fetch) => (waits(fetch) ? { key, status } : fetch)),
  }));
}

function change(index: number, next: (entry: Entry) => Entry): void {
  entries = entries.map((entry, at) => (at === index ? next(entry) : entry));
}
