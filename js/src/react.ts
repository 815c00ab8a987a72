import {
  type Context,
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import {
  configure,
  MizanError,
  mizanCall,
  type Params,
  type Registration,
  registerContext,
  type Snapshot,
} from "./index.js";

export { MizanError };

/**
 * What a read hook gives: one member of a context, or all of it. The component renders again when
 * something changes that it has read of this.
 */
export interface MemberState<T> {
  readonly data: T | undefined;
  /** Why the last fetch, or this member alone, failed. An older value stays beside it. */
  readonly error: MizanError | undefined;
  readonly status: Snapshot<T>["status"];
  /** A newer value than `data` is on its way. */
  readonly isRefetching: boolean;
  readonly isStale: boolean;
  /** Fetches the whole context again. Rejects with what is then `error`; nobody has to catch it. */
  refetch(): Promise<void>;
}

/** What a mutation hook gives. */
export interface MutationState<A, R> {
  /**
   * Calls the function. Resolves when what it changed is on the page; rejects with a MizanError,
   * which is also `error`, so that nobody has to catch it.
   */
  call(args: A): Promise<R>;
  /** From the call until what it changed is on the page. */
  readonly isPending: boolean;
  readonly error: MizanError | undefined;
  readonly data: R | undefined;
  /** Forgets `data` and `error`. */
  reset(): void;
}

/** A context's provider and hooks, as generated code uses them. */
export interface DefinedContext<P, D> {
  Provider(props: P & { readonly children?: ReactNode }): ReactElement;
  useMember<K extends keyof D & string>(member: K): MemberState<Exclude<D[K], undefined>>;
  useBundle(): MemberState<D>;
}

/** One provider and its hooks for a context of the server. Params are the provider's props. */
export function defineContext<P extends object, D extends object>(
  name: string,
  params: readonly (keyof P & string)[],
  schema: string,
): DefinedContext<P, D> {
  configure({ schema });
  const Registered = createContext<Registration<D> | undefined>(undefined);
  Registered.displayName = name;

  function Provider(props: P & { readonly children?: ReactNode }): ReactElement {
    const values = params.map((param) => props[param]);
    const registration = useMemo(
      () =>
        registerContext<D>(
          name,
          Object.fromEntries(params.map((param) => [param, props[param]])) as Params,
        ),
      // biome-ignore lint/correctness/useExhaustiveDependencies: a provider has always as many params
      values,
    );
    // A context that is provided is kept up to date, whoever reads it.
    useEffect(() => registration.subscribe(() => {}), [registration]);
    return createElement(Registered.Provider, { value: registration }, props.children);
  }

  return {
    Provider,
    useMember: (member) => useSelected(Registered, name, member),
    useBundle: () => useSelected(Registered, name),
  };
}

/** One mutation of the server as a hook. It knows nothing of what it invalidates. */
export function defineMutation<A, R>(name: string, schema: string): () => MutationState<A, R> {
  configure({ schema });
  const idle = { isPending: false, error: undefined, data: undefined };

  return function useMutation() {
    const [state, setState] = useState<Omit<MutationState<A, R>, "call" | "reset">>(idle);
    const latest = useRef(0);
    const call = useCallback((args: A) => {
      const own = ++latest.current;
      const finish = (outcome: { data?: R; error?: MizanError }) => {
        // Of two calls that overlap, the later one is what the component shows.
        if (own === latest.current) {
          setState({ ...idle, ...outcome });
        }
      };
      setState((state) => ({ ...state, isPending: true, error: undefined }));
      const answer = mizanCall<R>(name, args, { awaitRefetch: true });
      answer.then(
        (data) => finish({ data }),
        (error) => finish({ error }),
      );
      return answer;
    }, []);
    const reset = useCallback(() => {
      latest.current++;
      setState(idle);
    }, []);
    return { ...state, call, reset };
  };
}

/** What is known before anything is. */
const PENDING = { status: "pending", isFetching: false, isStale: true } as Snapshot<never>;

/** A member of the context, or all of it; the same object until something has changed that was read of it. */
function useSelected<D extends object, T>(
  Registered: Context<Registration<D> | undefined>,
  name: string,
  member?: keyof D & string,
): MemberState<T> {
  const registration = useContext(Registered);
  if (!registration) {
    throw new Error(`A hook of context "${name}" is used outside of its provider`);
  }
  const [snapshotOf, pendingOf] = useMemo(() => {
    type State = { -readonly [key in keyof MemberState<T>]: MemberState<T>[key] };
    let seen: Snapshot<D> | undefined;
    let newest: State | undefined;
    let state: MemberState<T> | undefined;
    // What was read of it. Where nothing else has changed, there is nothing to render.
    const used = new Set<keyof State>();
    const refetch = () => {
      const done = registration.refetch().then(() => {});
      // It is `error` as well: nobody has to catch it.
      done.catch(() => {});
      return done;
    };
    const get = <K extends keyof State>(shown: State, key: K) => {
      if (key in shown && !used.has(key)) {
        used.add(key);
        // Until now nobody was told when it changed.
        shown[key] = (newest as State)[key];
      }
      return shown[key];
    };
    const snapshotOf = () => {
      const snapshot = registration.getSnapshot();
      if (snapshot !== seen || !state) {
        seen = snapshot;
        const last = newest;
        const next = memberState<D, T>(snapshot, member, refetch);
        newest = next;
        if (!last || [...used].some((key) => !Object.is(last[key], next[key]))) {
          state = new Proxy({ ...next }, { get } as ProxyHandler<State>);
        }
      }
      return state as MemberState<T>;
    };
    const pending = memberState<D, T>(PENDING, member, refetch);
    return [snapshotOf, () => pending];
  }, [registration, member]);
  // What a server has rendered, and so what a page begins with when it takes that over.
  return useSyncExternalStore(registration.subscribe, snapshotOf, pendingOf);
}

function memberState<D extends object, T>(
  { data: bundle, error: failure, status, isFetching, isStale }: Snapshot<D>,
  member: (keyof D & string) | undefined,
  refetch: () => Promise<void>,
): MemberState<T> {
  const all = member === undefined;
  // A function that failed alone leaves its neighbours as they are (protocol rule C4).
  const failures = (bundle as { $errors?: Record<string, { status: number }> } | undefined)
    ?.$errors;
  const own = memberOf(failures, member as string);
  const error = failure ?? (own && problemOf(own));
  return {
    data: (all ? bundle : memberOf(bundle, member)) as T | undefined,
    error,
    status: failure || !own ? status : "error",
    isRefetching: isFetching && bundle !== undefined,
    isStale,
    refetch,
  };
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
