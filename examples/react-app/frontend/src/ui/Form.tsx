import type { MizanError } from "@mizan/runtime";
import { type ReactNode, useEffect, useRef } from "react";
import { messageOf } from "./errors";

interface Props {
  label: string;
  /** What the server did not like about the last attempt; its fields show what is theirs. */
  error: MizanError | undefined;
  submit(values: FormData): unknown;
  children: ReactNode;
}

/** Keeps what is typed until it is accepted; the first field that is wrong gets the focus. */
export function Form({ label, error, submit, children }: Props) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [error]);
  return (
    <form
      ref={form}
      className="stack"
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit(new FormData(event.currentTarget));
      }}
    >
      {children}
      {error?.errors.length === 0 && (
        <p className="notice notice-error" role="alert">
          {messageOf(error)}
        </p>
      )}
    </form>
  );
}
