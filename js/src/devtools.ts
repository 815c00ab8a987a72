import { Panel } from "./panel.js";
import { record } from "./recorder.js";

export {
  type CallMoment,
  type FetchMoment,
  type InvalidationMoment,
  type NoteMoment,
  type Recording,
  type RecordOptions,
  record,
  type Summary,
  summarize,
  type TimelineMoment,
} from "./recorder.js";

/** Where the devtools are, and how they begin. */
export interface DevtoolsOptions {
  /** Whether they are open unless they were closed before in this tab. Default false. */
  readonly open?: boolean;
  /** What to put them into. Default the page's body. */
  readonly container?: Element;
}

let unmount: (() => void) | undefined;

/**
 * Shows a panel in the page: what is cached, and why it was fetched. There is one of it, however often this
 * is called.
 *
 * @returns what takes it away.
 * @throws Error where the page uses another copy of the package.
 */
export function mountDevtools({ open = false, container }: DevtoolsOptions = {}): () => void {
  // A server has no page.
  if (!unmount && globalThis.document) {
    let panel: Panel | undefined;
    const stop = record((recording) => panel?.update(recording));
    panel = new Panel(container ?? document.body, open);
    const own = () => {
      stop();
      panel?.remove();
      if (unmount === own) {
        unmount = undefined;
      }
    };
    unmount = own;
  }
  return unmount ?? (() => {});
}
