import { useEffect, useSyncExternalStore } from "react";
import { currentStatus, say, subscribeStatus } from "./status";

const SHOWN_MS = 5000;

/** The one place that announces what happened; successes go by themselves. */
export function StatusLine() {
  const status = useSyncExternalStore(subscribeStatus, currentStatus, () => undefined);
  useEffect(() => {
    if (!status || status.failed) return;
    const timer = setTimeout(() => say(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [status]);
  return (
    <div className="status-line" role="status" aria-live="polite">
      {status && (
        <p className={status.failed ? "toast toast-failed" : "toast"}>
          <span>{status.text}</span>
          <button type="button" className="icon-button" onClick={() => say(undefined)}>
            <span aria-hidden="true">×</span>
            <span className="visually-hidden">Dismiss</span>
          </button>
        </p>
      )}
    </div>
  );
}
