import { useEffect, useMemo, useRef, useState } from "react";
import { type CallOptions, configure, type MizanError, mizanCall, type Patch } from "./index.js";
import { renewals } from "./renewal.js";

/** What a mutation hook gives. */
export interface MutationState<A, R> {
  /**
   * Calls the function. Resolves when what it changed is on the page; rejects with a MizanError,
   * which is also `error`, so that nobody has to catch it.
   */
  call(args: A): Promise<R>;
  /** From the call until what it changed is on the page. */
  readonly isPending: boolean;
  /** `error.fields` says what is wrong with which argument. */
  readonly error: MizanError<A> | undefined;
  readonly data: R | undefined;
  /** Forgets `data` and `error`. */
  reset(): void;
}

/** What may be said of the calls of one hook. */
export interface MutationOptions<A, R, U = Patch> {
  /** What to show until the server's word is there; nothing of it stays if the call fails. */
  readonly optimistic?: (args: A) => U | readonly U[];
  /** Calls of one scope are sent one after the other. */
  readonly scope?: string;
  /** Called when what it changed is on the page. */
  readonly onSuccess?: (data: R, args: A) => void;
  readonly onError?: (error: MizanError<A>, args: A) => void;
}

/** One mutation of the server as a hook. It knows nothing of what it invalidates. */
export function defineMutation<A, R, U = Patch>(
  name: string,
  schema: string,
): (options?: MutationOptions<A, R, U>) => MutationState<A, R> {
  configure({ schema });
  const idle = { isPending: false, error: undefined, data: undefined };

  return function useMutation(options = {}) {
    const [state, setState] = useState<Omit<MutationState<A, R>, "call" | "reset">>(idle);
    const newest = useRef(options);
    useEffect(() => {
      newest.current = options;
    });
    const actions = useMemo(() => {
      let latest = 0;
      return {
        call(args: A) {
          const { optimistic, scope, onSuccess, onError } = newest.current;
          const own = ++latest;
          const finish = <T>(
            outcome: "data" | "error",
            value: T,
            tell: ((value: T, args: A) => void) | undefined,
          ) => {
            // Of two calls that overlap, the later one is what the component shows.
            if (own === latest) {
              setState({ ...idle, [outcome]: value });
            }
            tell?.(value, args);
          };
          setState((state) => ({ ...state, isPending: true, error: undefined }));
          const answer = mizanCall<R>(name, args, {
            awaitRefetch: true,
            scope,
            optimistic: optimistic && [optimistic(args)].flat(),
          } as CallOptions).then(async (data) => {
            // The page shows older rows until they are done.
            await Promise.all(renewals);
            return data;
          });
          answer.then(
            (data) => finish("data", data, onSuccess),
            (error) => finish("error", error, onError),
          );
          return answer;
        },
        reset() {
          latest++;
          setState(idle);
        },
      };
    }, []);
    return { ...state, ...actions };
  };
}
