import { type MemberState, useBundle, useMember, useRegistration } from "./member.js";
import type { Context } from "./provider.js";

/** An error that a boundary has been shown, and what is fetched since somebody has come back from there. */
const shown = new WeakMap<Error, Promise<unknown> | undefined>();

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
  if (!shown.has(error)) {
    // React tries a second time at once. Whoever comes later was sent by the boundary.
    setTimeout(() => shown.set(error, undefined));
    throw error;
  }
  const done = () => {
    shown.delete(error);
  };
  throw shown.get(error) ?? remember(error, registration.refetch().then(done, done));
}

function remember(error: Error, retry: Promise<unknown>): Promise<unknown> {
  shown.set(error, retry);
  return retry;
}
