import { MizanError } from "@mizan/runtime";
import type { ComponentProps } from "react";
import { messageOf } from "./errors";

/** A failed read in place of a whole page. */
export function PageError(props: ComponentProps<typeof ReadError>) {
  return (
    <>
      <h1>This cannot be shown</h1>
      <ReadError {...props} />
    </>
  );
}

/** A failed read in place of its content, with a way to try again. */
export function ReadError({ error, retry }: { error: Error; retry(): unknown }) {
  const missing = error instanceof MizanError && error.status === 404;
  return (
    <div className="notice notice-error" role="alert">
      <p>{missing ? "There is no such thing here." : messageOf(error)}</p>
      {!missing && (
        <button type="button" className="button" onClick={() => void retry()}>
          Try again
        </button>
      )}
    </div>
  );
}
