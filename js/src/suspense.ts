import { type MemberState, useBundle, useMember, useRegistration } from "./member.js";
import type { Context } from "./provider.js";

/** Errors that a boundary shows, and what is fetched since somebody has come back from there. */
const shown = new WeakMap<Error, Promise<unknown> | undefined>();
/** How many attempts in a row have come to an error. */
const attempts = new WeakMap<Error, number>();

/** A member's value. Suspends until it is there; throws what keeps it from coming to the nearest error boundary. */
export function useMemberSuspense<P, D extends object, K extends keyof D & string>(
  context: Context<P, D>,
  member: K,
): D[K] {
  return useValue(context, useMember(context, member));
}

/** The same for all members together. */
export function useBundleSuspense<P, D extends object>(context: Context<P, D>): D {
  return useValue(context, useBundle(context));
}

function useValue<P, D, T>(context: Context<P, D>, { data, error, status }: MemberState<T>): T {
  const registration = useRegistration(context);
  if (data !== undefined || status === "success") {
    return data as T;
  }
  if (!error) {
    if (!globalThis.document) {
      throw new Error(`The server has no data of ${registration.key}: the page will fetch it`);
    }
    throw registration.read();
  }
  const count = attempts.get(error) ?? 0;
  if (!shown.has(error)) {
    // React tries a second time before it shows a boundary. Whoever comes later was sent from there. Should
    // React be slower than a turn, a few fetches are too many, and then it has more time.
    setTimeout(() => shown.set(error, undefined), count < 4 ? 0 : 2 ** count);
    throw error;
  }
  const end = (next: Error) => {
    shown.delete(error);
    attempts.set(next, count + 1);
  };
  const retry =
    shown.get(error) ??
    registration.refetch().then(
      () => end(error),
      (cause) => end(cause),
    );
  shown.set(error, retry);
  throw retry;
}
