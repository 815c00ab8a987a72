import type { MizanError } from "@mizan/runtime";
import { messageOf } from "./errors";

/** A failed read in place of its content, with a way to try again. */
export function ReadError({ error, retry }: { error: MizanError; retry(): Promise<void> }) {
  return (
    <div className="notice notice-error" role="alert">
      <p>{error.status === 404 ? "There is no such thing here." : messageOf(error)}</p>
      {error.status !== 404 && (
        <button type="button" className="button" onClick={() => void retry()}>
          Try again
        </button>
      )}
    </div>
  );
}

/** A failed form, as a whole. */
export function FormError({ error }: { error: MizanError }) {
  return (
    <p className="notice notice-error" role="alert">
      {messageOf(error)}
    </p>
  );
}
