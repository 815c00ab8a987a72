import { messageOf } from "./errors";

/** What the status line says: done, or failed where no form could show it. */
export interface Status {
  text: string;
  failed: boolean;
}

let current: Status | undefined;
const listeners = new Set<() => void>();

export function subscribeStatus(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const currentStatus = (): Status | undefined => current;

export function say(text: string | undefined, failed = false): void {
  current = text === undefined ? undefined : { text, failed };
  for (const listener of listeners) listener();
}

/** Runs a mutation that has no form of its own and says how it went. Returns whether it worked. */
export async function attempt(mutation: Promise<unknown>, done: string): Promise<boolean> {
  try {
    await mutation;
    say(done);
    return true;
  } catch (error) {
    say(messageOf(error as Error), true);
    return false;
  }
}
