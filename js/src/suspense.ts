import { useRegistration, useSelected } from "./member.js";
import type { Context } from "./provider.js";

/** An error that has no older value beside it. */
interface Thrown {
  /** When it was thrown first, and what the person before the page had done by then. */
  readonly at: number;
  readonly inputs: number;
  /** For how long another attempt may be React's own, in milliseconds. */
  readonly patience: number;
}

const PATIENCE = 500;
/** By error, what is fetched since somebody has come back from its boundary. */
const retries = new WeakMap<Error, Promise<void>>();
const thrown = new WeakMap<Error, Thrown>();
/** How patient the attempt before was. */
const patiences = new WeakMap<Error, number>();
/** Clicks and keys, and steps through the history. */
let inputs = 0;
let isCounting = false;

function countInputs(): void {
  if (!isCounting) {
    isCounting = true;
    for (const type of ["click", "keydown", "popstate"]) {
      addEventListener(type, () => inputs++, true);
    }
  }
}

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
  const retry = retries.get(error);
  if (retry) {
    throw retry;
  }
  countInputs();
  const now = Date.now();
  const known = thrown.get(error);
  if (!known) {
    thrown.set(error, { at: now, inputs, patience: patiences.get(error) ?? PATIENCE });
    throw error;
  }
  // React makes more than one attempt before it shows a boundary, and may hold that back for a while. Whoever
  // comes after that was sent from there, by somebody who has done something, or later. Should React be slower
  // still, a fetch is too many, and then it has more time.
  const isAsked = inputs !== known.inputs;
  if (!isAsked && now - known.at < known.patience) {
    throw error;
  }
  const end = (next: Error) => {
    retries.delete(error);
    thrown.delete(error);
    patiences.set(next, isAsked ? PATIENCE : Math.min(known.patience * 2, 5000));
  };
  const fetching = later(() => registration.refetch()).then(() => end(error), end);
  retries.set(error, fetching);
  throw fetching;
}

/** What the page hears of a fetch, by `onEvent`, it must not hear in the middle of drawing. */
function later<T>(fetch: () => Promise<T>): Promise<T> {
  return Promise.resolve().then(fetch);
}
