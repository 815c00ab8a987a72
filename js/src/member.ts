import { useContext, useMemo, useSyncExternalStore } from "react";
import { MizanError, type Registration, type Snapshot } from "./index.js";
import type { Context } from "./provider.js";

/**
 * What a read hook gives: one member of a context, or all of it. The component renders again when
 * something changes that it has read of this.
 */
export type MemberState<T> = Reading &
  (
    | { readonly status: "pending"; readonly data: undefined; readonly error: undefined }
    | { readonly status: "success"; readonly data: T; readonly error: undefined }
    | {
        /** `gone`: the server says that there is no such thing any more. */
        readonly status: "error" | "gone";
        /** An older value, if there is one. */
        readonly data: T | undefined;
        /** Why the last fetch, or this member alone, failed. */
        readonly error: MizanError;
      }
  );

interface Reading {
  /** A newer value than `data` is on its way. */
  readonly isRefetching: boolean;
  readonly isStale: boolean;
  /** Fetches the whole context again. Rejects with what is then `error`; nobody has to catch it. */
  refetch(): Promise<void>;
}

/** Reads a value; with `select`, the component renders only when what that gives has changed. */
export interface MemberHook<T> {
  <S>(select: (value: Exclude<T, undefined>) => S): MemberState<S | Extract<T, undefined>>;
  // The last one is what TypeScript takes for the hook's return type.
  (): MemberState<T>;
}

/** The hook that reads a member of a context. */
export const defineMember: <P, D extends object, K extends keyof D & string>(
  context: Context<P, D>,
  member: K,
) => MemberHook<D[K]> = defineRead;

/** The hook that reads all of a context. */
export const defineBundle: <P, D extends object>(context: Context<P, D>) => MemberHook<D> =
  defineRead;

function defineRead<P, D extends object, T>(
  context: Context<P, D>,
  member?: keyof D & string,
): MemberHook<T> {
  return function useRead<S>(select?: (value: T) => S) {
    return useSelected(useRegistration(context), member, select as Select<S> | undefined);
  } as MemberHook<T>;
}

type Select<S> = (value: unknown) => S;

/** What the nearest provider of the context has registered. */
export function useRegistration<P, D>({ registered }: Context<P, D>): Registration<D> {
  const registration = useContext(registered);
  if (!registration) {
    throw new Error(`A hook is used outside of <${registered.displayName}>`);
  }
  return registration;
}

/** One state of a member, or of all. The same object until something has changed that was read of it. */
export function useSelected<D extends object, S>(
  registration: Registration<D>,
  member: (keyof D & string) | undefined,
  select?: Select<S>,
): MemberState<S> {
  const [snapshotOf, initialOf] = useMemo(() => {
    /** What was selected last, and of what. */
    let whole: unknown;
    let selected: S | undefined;
    const refetch = () => {
      const done = registration.refetch().then(() => {});
      // It is `error` as well: nobody has to catch it.
      done.catch(() => {});
      return done;
    };
    return track(registration, (snapshot) => {
      const state = memberState<D, unknown>(snapshot, member, refetch) as Shown<S>;
      if (select && state.data !== undefined) {
        if (whole !== state.data) {
          whole = state.data;
          selected = select(whole);
        }
        state.data = selected;
      }
      return state as MemberState<S>;
    });
  }, [registration, member, select]);
  // What a server has rendered, and so what a page begins with when it takes that over.
  return useSyncExternalStore(registration.subscribe, snapshotOf, initialOf);
}

/** What no type of a state says: which of these are there at the same time. */
interface Shown<T> extends Reading {
  data: T | undefined;
  readonly error: MizanError | undefined;
  readonly status: Snapshot<T>["status"];
}

/**
 * What gives the present state of a source, and the one that the page came with: the same object until something has
 * changed that was read of it.
 */
export function track<N, S extends object>(
  source: { getSnapshot(): N; getServerSnapshot(): N },
  stateOf: (snapshot: N) => S,
): [() => S, () => S] {
  let seen: N | undefined;
  let newest: S | undefined;
  let state: S | undefined;
  // What was read of it. Where nothing else has changed, there is nothing to render.
  const used = new Set<keyof S>();
  const get = <K extends keyof S>(shown: S, key: K) => {
    if (key in shown && !used.has(key)) {
      used.add(key);
      // Until now nobody was told when it changed.
      shown[key] = (newest as S)[key];
    }
    return shown[key];
  };
  const snapshotOf = () => {
    const snapshot = source.getSnapshot();
    if (snapshot !== seen) {
      seen = snapshot;
      const last = newest;
      const next = stateOf(snapshot);
      newest = next;
      if (!last || [...used].some((key) => !Object.is(last[key], next[key]))) {
        state = new Proxy({ ...next }, { get } as ProxyHandler<S>);
      }
    }
    return state as S;
  };
  let initial: S | undefined;
  const initialOf = () => {
    const snapshot = source.getServerSnapshot();
    if (snapshot === source.getSnapshot()) {
      // The very object, or there would be a second render.
      return snapshotOf();
    }
    initial ??= stateOf(snapshot);
    return initial;
  };
  return [snapshotOf, initialOf];
}

export function memberState<D extends object, T>(
  { data: bundle, error: failure, status, isFetching, isStale }: Snapshot<D>,
  member: (keyof D & string) | undefined,
  refetch: () => Promise<void>,
): MemberState<T> {
  // A function that failed alone leaves its neighbours as they are (protocol rule C4).
  const failures = (bundle as { $errors?: Record<string, { status: number }> } | undefined)
    ?.$errors;
  const own = memberOf(failures, member as string);
  const error = failure ?? (own && problemOf(own));
  return {
    data: member === undefined ? bundle : memberOf(bundle, member),
    error,
    status: failure || !own ? status : "error",
    isRefetching: isFetching && !!bundle,
    isStale,
    refetch,
  } as MemberState<T>;
}

/** What every object has is no member. */
function memberOf<B extends object, K extends keyof B>(bundle: B | undefined, member: K) {
  return bundle && Object.hasOwn(bundle, member) ? bundle[member] : undefined;
}

const problems = new WeakMap<object, MizanError>();

/** One error object for one problem, so that it compares equal as long as it is the same. */
function problemOf(problem: { status: number }): MizanError {
  const known = problems.get(problem) ?? new MizanError(problem.status, problem);
  problems.set(problem, known);
  return known;
}
