import { MizanError } from "@mizan/runtime";

/** One sentence for a person who did nothing wrong. */
export function messageOf(error: Error): string {
  if (!(error instanceof MizanError)) return "The page failed. Reload it, please.";
  if (error.status === 0) return "The server cannot be reached. Try again in a moment.";
  if (error.status === 401) return "Log in first: then this works.";
  if (error.status >= 500) return "The server failed. Nothing you typed is lost; try again.";
  return error.detail ?? error.errors[0]?.msg ?? error.title;
}
