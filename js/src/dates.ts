import { createElement, type ReactNode, useCallback, useContext, useMemo } from "react";
import { type Dates, type Patch, type Registration, replaceDates, reviveDates } from "./index.js";
import type { MutationOptions, MutationState } from "./mutation.js";
import type { Context, ContextProvider } from "./provider.js";

/** By context: where it has dates. */
const placesOf = /* @__PURE__ */ new Map<string, Dates | undefined>();

/** The same context, with dates in these places of what its hooks give; a context that has none is said to have none. */
export function withDates<P extends object, D extends object>(
  context: Context<P, D>,
  dates?: Dates,
): Context<P, D> {
  placesOf.set(context.name, dates);
  if (!dates) {
    return context;
  }
  const { registered } = context;
  const Plain = context.Provider as ContextProvider<object>;
  const snapshotDates = { members: { data: dates } };

  const dated = <T>(registration: Registration<T>): Registration<T> => ({
    ...registration,
    getSnapshot: () => reviveDates(registration.getSnapshot(), snapshotDates),
    getServerSnapshot: () => reviveDates(registration.getServerSnapshot(), snapshotDates),
    read: async () => reviveDates(await registration.read(), dates),
    refetch: async () => reviveDates(await registration.refetch(), dates),
    alike: dated,
  });

  /** Below the provider: gives on what that gives, with dates. */
  function Dated({ children }: { readonly children?: ReactNode }) {
    const registration = useContext(registered);
    const value = useMemo(() => registration && dated(registration), [registration]);
    return createElement(registered.Provider, { value }, children);
  }

  const Provider: ContextProvider<P> = ({ children, ...props }) =>
    createElement(Plain, props, createElement(Dated, null, children));

  return { ...context, Provider };
}

/** The same mutation hook, with dates in these places of its result, and in what its patches are given and give. */
export function withMutationDates<A, R, U>(
  useMutation: (options?: MutationOptions<A, R, U>) => MutationState<A, R>,
  dates: Dates = [],
): (options?: MutationOptions<A, R, U>) => MutationState<A, R> {
  return function useDatedMutation(options = {}) {
    const { optimistic, onSuccess } = options;
    const state = useMutation({
      ...options,
      ...(optimistic && {
        optimistic: (args: A) =>
          [optimistic(args)].flat().map((patch) => dated(patch as Patch) as U),
      }),
      ...(onSuccess && {
        onSuccess: (data: R, args: A) => onSuccess(reviveDates(data, dates), args),
      }),
    });
    const { call: send } = state;
    const call = useCallback(
      (args: A) => {
        const answer = send(args).then((data) => reviveDates<R>(data, dates));
        // It is `error` as well: nobody has to catch it.
        answer.catch(() => {});
        return answer;
      },
      [send],
    );
    const data = useMemo(() => reviveDates<R | undefined>(state.data, dates), [state.data]);
    return { ...state, call, data };
  };
}

/** A patch of JSON, of one of dates. A context whose hooks are not there yet is shown by nobody: it is not patched. */
function dated(patch: Patch): Patch {
  const update = Object.entries(patch.update).map(([member, change]) => [
    member,
    (value: unknown) => {
      const dates = placesOf.get(patch.context);
      if (!dates) {
        return placesOf.has(patch.context) ? change(value) : value;
      }
      const bundle = reviveDates<Record<string, unknown>>({ [member]: value }, dates);
      return replaceDates(change(bundle[member]));
    },
  ]);
  return { ...patch, update: Object.fromEntries(update) };
}
