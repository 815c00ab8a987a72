import { type Activity, type Cause, type Invalidation, observe } from "./index.js";
import { measure } from "./timing.js";

/** Times are in milliseconds, as `performance.now()` counts them. */
interface Moment {
  /** Later moments have greater numbers, and none is left out. */
  readonly id: number;
  readonly start: number;
  /** Of what came of another one: that one's `id`. It may have been forgotten. */
  readonly parent?: number | undefined;
}

/** A mutation: from its request until the page shows what it has changed. */
export interface CallMoment extends Moment {
  readonly type: "call";
  readonly name: string;
  /** What it was called with, as long as the same person is logged in. */
  readonly args: unknown;
  /** When the server had answered, or nobody waited any longer. */
  readonly answered?: number;
  /** 0 where no answer came. */
  readonly status?: number;
  readonly end?: number;
}

/** What is no longer true, and who said so. */
export interface InvalidationMoment extends Moment {
  readonly type: "invalidation";
  /** In words. Of a call, its name. */
  readonly reason: string;
  readonly list: readonly Invalidation[];
  /** The keys that it named and that are fetched again. */
  readonly refetched: readonly string[];
  /** The keys that it named and that nobody wants: they wait until somebody does. */
  readonly waiting: readonly string[];
}

/** One fetch of a context. */
export interface FetchMoment extends Moment {
  readonly type: "fetch";
  readonly key: string;
  readonly cause: Cause["type"];
  /** Why it was fetched, in words. */
  readonly reason: string;
  /** The call that it was fetched for. */
  readonly mutation: string | undefined;
  readonly end?: number;
  readonly status?: number;
  /** `same`: it was wasted, every byte was known. `unused`: somebody else had logged in meanwhile. */
  readonly outcome?: "changed" | "same" | "unused" | "failed" | "aborted";
  /** The members that have changed. */
  readonly members?: readonly string[];
  readonly size?: number | undefined;
}

/** Something that belongs to no call and no context. */
export interface NoteMoment extends Moment {
  readonly type: "identity" | "outdated" | "error";
  readonly message: string;
}

export type TimelineMoment = CallMoment | InvalidationMoment | FetchMoment | NoteMoment;

/** What was recorded. */
export interface Recording {
  /** In the order in which they began. What changes is another object. */
  readonly moments: readonly TimelineMoment[];
  /** When the value of a key arrived, where that was seen. */
  readonly arrivals: ReadonlyMap<string, number>;
}

/** How to record. */
export interface RecordOptions {
  /** How many moments are kept, the newest. Default 500. */
  readonly limit?: number;
  /** Whether the browser's performance panel shows calls and fetches. Default true. */
  readonly timing?: boolean;
  /** The clock. */
  readonly now?: () => number;
}

/** What was fetched for one reason, counted. */
export interface Summary {
  /** A mutation, or what else was the reason. */
  readonly reason: string;
  readonly isMutation: boolean;
  readonly calls: number;
  readonly refetches: number;
  /** Those whose every byte was known. */
  readonly wasted: number;
}

const SOURCES = {
  call: "a call",
  header: "a request of the page",
  cookie: "a redirect",
  tab: "another tab",
  local: "invalidate()",
  unknown: "page restored",
};

const CAUSES = {
  subscribe: "new subscriber",
  read: "read",
  refetch: "refetch()",
  invalidation: "an invalidation",
  identity: "another login",
  interval: "interval",
  visible: "page visible again",
  online: "online again",
  retry: "tried again",
};

type Update<M> = Partial<Omit<M, "id" | "type">>;

/**
 * Records what the runtime does from now on: calls, what they invalidate, and what is fetched because of it.
 * Calls back whenever there is more to it.
 *
 * @returns what ends it.
 */
export function record(
  listener: (recording: Recording) => void,
  { limit = 500, timing = true, now = () => performance.now() }: RecordOptions = {},
): () => void {
  let moments: readonly TimelineMoment[] = [];
  const arrivals = new Map<string, number>();
  let ids = 0;
  /** The calls whose answer or refetches are still to come, by number: which moment it is, and for which keys. */
  const calls = new Map<number, { id: number; name: string; keys: Set<string> }>();
  const invalidations = new Map<number, { id: number; reason: string; mutation?: string }>();
  /** The fetches that are under way, by key. */
  const fetches = new Map<string, number>();

  const add = (moment: TimelineMoment) => {
    moments = [...moments, moment].slice(-limit);
    return moment.id;
  };
  const begin = () => ({ id: ++ids, start: now() });
  const change = <M extends TimelineMoment>(id: number, update: Update<M>) => {
    const first = moments[0]?.id ?? 0;
    const moment = moments[id - first] as M | undefined;
    if (moment) {
      const next = { ...moment, ...update } as M;
      moments = moments.map((other) => (other === moment ? next : other));
      if (timing) {
        measure(next);
      }
    }
  };

  /** The call waits for nothing more. */
  const finish = (number: number) => {
    const call = calls.get(number);
    if (call && !call.keys.size) {
      calls.delete(number);
      change<CallMoment>(call.id, { end: now() });
    }
  };
  const end = (key: string, isFetching: boolean, update: Update<FetchMoment>) => {
    const id = fetches.get(key);
    if (id) {
      fetches.delete(key);
      change<FetchMoment>(id, { ...update, end: now() });
    }
    if (!isFetching) {
      for (const [number, { keys }] of calls) {
        if (keys.delete(key)) {
          finish(number);
        }
      }
    }
  };

  const take = (activity: Activity) => {
    switch (activity.type) {
      case "call": {
        const { name, args } = activity;
        const id = add({ ...begin(), type: "call", name, args });
        calls.set(activity.call, { id, name, keys: new Set() });
        break;
      }
      case "answer": {
        const call = calls.get(activity.call);
        if (call) {
          change<CallMoment>(call.id, { answered: now(), status: activity.status });
        }
        if (!activity.isInvalidating) {
          finish(activity.call);
        }
        break;
      }
      case "invalidate": {
        const { affected, list, source, invalidation } = activity;
        const call = calls.get(activity.call ?? 0);
        const reason = call?.name ?? SOURCES[source];
        const keysOf = (isFetching: boolean) =>
          affected.flatMap((one) => (one.isFetching === isFetching ? [one.key] : []));
        const refetched = keysOf(true);
        const id = add({
          ...begin(),
          type: "invalidation",
          parent: call?.id,
          reason,
          list,
          refetched,
          waiting: keysOf(false),
        });
        invalidations.set(invalidation, { id, reason, ...(call && { mutation: call.name }) });
        // What is older than that, no moment speaks of.
        invalidations.delete(invalidation - limit);
        if (call) {
          call.keys = new Set(refetched);
          finish(activity.call as number);
        }
        break;
      }
      case "fetch": {
        const { key, cause } = activity;
        end(key, true, { outcome: "aborted" });
        const invalidation = invalidations.get(cause.invalidation ?? 0);
        const why = CAUSES[cause.type];
        const since = cause.type === "invalidation" ? "" : `${why}, outdated by `;
        const id = add({
          ...begin(),
          type: "fetch",
          parent: invalidation?.id,
          key,
          cause: cause.type,
          reason: invalidation ? since + invalidation.reason : why,
          mutation: invalidation?.mutation,
        });
        fetches.set(key, id);
        break;
      }
      case "settle": {
        const { key, isFetching, status, outcome, members, size } = activity;
        if (status === 200 && outcome !== "unused") {
          arrivals.set(key, now());
        }
        end(key, isFetching, { status, outcome, members, size });
        break;
      }
      case "abort":
        end(activity.key, activity.isFetching, { outcome: "aborted" });
        break;
      case "publish":
        if (activity.isNew) {
          arrivals.set(activity.key, now());
        }
        break;
      case "collect":
        arrivals.delete(activity.key);
        break;
      case "identity":
        // What the one before has sent is not for the next one to see.
        moments = moments.map((moment) =>
          moment.type === "call" ? { ...moment, args: undefined } : moment,
        );
        add({ ...begin(), type: "identity", message: "somebody else is logged in" });
        break;
      case "outdated":
        add({ ...begin(), type: "outdated", message: "the server has another schema" });
        break;
      default:
        add({ ...begin(), type: "error", message: activity.error.message });
    }
    listener({ moments, arrivals });
  };

  return observe(take);
}

/** What was fetched again, by reason; mutations first, what has wasted the most first. */
export function summarize(moments: readonly TimelineMoment[]): Summary[] {
  const found = new Map<string, { -readonly [K in keyof Summary]: Summary[K] }>();
  const about = (reason: string, isMutation: boolean) => {
    const key = `${isMutation} ${reason}`;
    const known = found.get(key) ?? { reason, isMutation, calls: 0, refetches: 0, wasted: 0 };
    found.set(key, known);
    return known;
  };
  for (const moment of moments) {
    if (moment.type === "call") {
      about(moment.name, true).calls++;
    } else if (moment.type === "fetch") {
      const { mutation, parent, cause, reason, outcome } = moment;
      // Who comes first fetches for himself.
      if (parent || (cause !== "subscribe" && cause !== "read")) {
        const counted = about(mutation ?? reason, mutation !== undefined);
        counted.refetches++;
        counted.wasted += Number(outcome === "same");
      }
    }
  }
  return [...found.values()].sort(
    (a, b) => Number(b.isMutation) - Number(a.isMutation) || b.wasted - a.wasted,
  );
}
