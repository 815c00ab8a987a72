import type { MizanError } from "@mizan/runtime";

/** One sentence for a person who did nothing wrong. */
export function messageOf(error: MizanError): string {
  if (error.status === 0) return "The server cannot be reached. Try again in a moment.";
  if (error.status === 401) return "Log in first: then this works.";
  if (error.status >= 500) return "The server failed. Nothing you typed is lost; try again.";
  return error.detail || error.title || "That did not work.";
}

/** The server's own words are exact; for the two that everybody meets, these are kinder. */
const KINDER: Record<string, string> = {
  string_too_short: "This cannot be empty.",
  string_too_long: "This is too long.",
};

/** What the server says about one field, or undefined. */
export function fieldError(error: MizanError | undefined, field: string): string | undefined {
  const messages = error?.errors
    .filter(({ loc }) => loc[0] === field)
    .map(({ type, msg }) => KINDER[type] ?? msg);
  return messages?.length ? messages.join(" ") : undefined;
}

/** Whether the error belongs to none of these fields, so that it is shown for the whole form. */
export function isGeneral(error: MizanError, fields: readonly string[]): boolean {
  return !error.errors.some(({ loc }) => fields.includes(String(loc[0])));
}
