import { useRegistration, useSelected } from "./member.js";
import type { Context } from "./provider.js";

/** Errors that a boundary shows: since when, or what is fetched since somebody has come back from there. */
const shown = new WeakMap<Error, Promise<unknown> | number>();
/** How many attempts in a row have come to an error. */
const attempts = new WeakMap<Error, number>();

/**
 * The hook that gives a member's value: it suspends until that is there, and throws what keeps it from coming to
 * the nearest error boundary. Who comes back from there fetches again.
 */
export function defineMemberSuspense<P, D extends object, K extends keyof D & string>(
  context: Context<P, D>,
  member: K,
): () => D[K] {
  return function useMember() {
    return useValue(context, member);
  };
}

/** The same for all of a context. */
export function defineBundleSuspense<P, D extends object>(context: Context<P, D>): () => D {
  return function useBundle() {
    return useValue(context);
  };
}

function useValue<P, D extends object, T>(context: Context<P, D>, member?: keyof D & string): T {
  const registration = useRegistration(context);
  const { data, error, status } = useSelected<D, T>(registration, member);
  if (data !== undefined || status === "success") {
    return data as T;
  }
  if (!error) {
    if (!globalThis.document) {
      throw new Error(`The server has no data of ${registration.key}: the page will fetch it`);
    }
    throw later(() => registration.read());
  }
  const count = attempts.get(error) ?? 0;
  const known = shown.get(error);
  if (!known) {
    // React tries a second time before it shows a boundary. Whoever comes later was sent from there. Should
    // React be slower than a turn, a few fetches are too many, and then it has more time.
    const now = Date.now();
    setTimeout(() => shown.set(error, now), count < 4 ? 0 : 2 ** count);
    throw error;
  }
  if (typeof known === "object") {
    throw known;
  }
  // After five seconds, which is when React stops to draw a transition in slices, somebody has read the message.
  const attempt = Date.now() - known < 5000 ? count + 1 : 0;
  const end = (next: Error) => {
    shown.delete(error);
    attempts.set(next, attempt);
  };
  const retry = later(() => registration.refetch()).then(
    () => end(error),
    (cause) => end(cause),
  );
  shown.set(error, retry);
  throw retry;
}

/** What the page hears of a fetch, by `onEvent`, it must not hear in the middle of drawing. */
function later<T>(fetch: () => Promise<T>): Promise<T> {
  return Promise.resolve().then(fetch);
}
