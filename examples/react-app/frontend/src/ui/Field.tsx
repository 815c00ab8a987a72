import { useId } from "react";

interface Props {
  label: string;
  name: string;
  error: string | undefined;
  defaultValue?: string;
  rows?: number;
  autoComplete?: string;
}

/** A labelled text field whose error is tied to it for screen readers. */
export function Field({ label, error, rows, ...rest }: Props) {
  const id = useId();
  const shared = {
    ...rest,
    id,
    "aria-invalid": error !== undefined,
    "aria-describedby": error === undefined ? undefined : `${id}-error`,
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {rows ? <textarea {...shared} rows={rows} /> : <input {...shared} />}
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
