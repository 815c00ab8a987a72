import type { Configuration, MizanEvent } from "./types.js";

/** The present settings, and whether the machine has been told of them. */
export const settings: Configuration & { baseUrl: string; isTold?: boolean } = {
  baseUrl: "/api/mizan/",
};

/** Tells whoever watches. An error that nobody watches goes to the console. */
export function emit(event: MizanEvent): void {
  const { onEvent } = settings;
  if (onEvent) {
    guard(onEvent, event);
  } else if (event.type === "error") {
    console.error(event.error);
  }
}

/** Tells of an error that no caller hears of. */
export function report(message: string, cause?: unknown): void {
  emit({ type: "error", error: new Error(message, { cause }) });
}

/** Calls what the page gave us. What it throws is reported as its own error, and stops nothing. */
export function guard<A extends unknown[]>(callback: (...args: A) => void, ...args: A): void {
  try {
    callback(...args);
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
