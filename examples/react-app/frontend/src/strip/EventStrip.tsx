import { useSyncExternalStore } from "react";
import { type Entry, log, OPENED, subscribeLog } from "./log";

const NOTHING: readonly Entry[] = [];
const nothing = () => NOTHING;

/** What Mizan did last, at the bottom of the page: the protocol at work. */
export function EventStrip() {
  const entries = useSyncExternalStore(subscribeLog, log, nothing);
  const latest = entries[0];
  return (
    <footer>
      <details className="strip">
        <summary>
          <span className="strip-mark">Mizan</span>
          {latest ? <Line entry={latest} /> : <span className="muted">Nothing happened yet</span>}
        </summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by its focus */}
        <ol className="strip-log" aria-label="What Mizan did" tabIndex={0}>
          {entries.map((entry) => (
            <li key={entry.id}>
              <Line entry={entry} />
              <ul className="strip-keys">
                {entry.fetches.map(({ key, status }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: fetches are only ever appended
                  <li key={index}>
                    <code>{key}</code> {status ?? "…"}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </details>
    </footer>
  );
}

function Line({ entry }: { entry: Entry }) {
  const { cause, names, fetches, known } = entry;
  const keys = new Set(fetches.map(({ key }) => key));
  const verb = cause === OPENED ? "fetched" : "refetched";
  return (
    <span className="strip-line">
      {cause} {names && <code>{names}</code>}
      {fetches.length > 0 ? (
        <>
          {" "}
          → {verb} {keys.size} of {known} contexts
        </>
      ) : (
        names && " → nothing here uses it"
      )}
    </span>
  );
}
