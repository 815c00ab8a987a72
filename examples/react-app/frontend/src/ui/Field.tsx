import { useId } from "react";

interface Props {
  label: string;
  value: string;
  onChange(value: string): void;
  error: string | undefined;
  multiline?: boolean;
  autoComplete?: string;
}

/** A labelled text field whose error is tied to it for screen readers. */
export function Field({ label, value, onChange, error, multiline, autoComplete }: Props) {
  const id = useId();
  const shared = {
    id,
    value,
    "aria-invalid": error !== undefined,
    "aria-describedby": error === undefined ? undefined : `${id}-error`,
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {multiline ? (
        <textarea {...shared} rows={3} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input
          {...shared}
          autoComplete={autoComplete}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
