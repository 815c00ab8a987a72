import type { TimelineMoment } from "./recorder.js";

const COLORS = {
  changed: "secondary",
  same: "tertiary",
  unused: "tertiary-light",
  aborted: "tertiary-light",
  failed: "error",
};

/**
 * Shows a call or a fetch that has ended in the performance panel of the browser, by User Timing: Chrome has
 * tracks of their own for them (`detail.devtools`).
 */
export function measure(moment: TimelineMoment): void {
  if ((moment.type !== "call" && moment.type !== "fetch") || moment.end === undefined) {
    return;
  }
  const { type, start, end, status } = moment;
  const isCall = type === "call";
  const name = `mizan ${type} ${isCall ? moment.name : moment.key}`;
  const failed = isCall && !(status && status < 400);
  const said = isCall
    ? { status: status || "no answer" }
    : {
        cause: moment.reason,
        outcome: moment.outcome === "same" ? "same bytes: wasted" : moment.outcome,
        changed: moment.members?.join(", "),
      };
  const detail = {
    devtools: {
      dataType: "track-entry",
      trackGroup: "Mizan",
      track: isCall ? "Calls" : "Fetches",
      color: isCall ? (failed ? "error" : "primary") : COLORS[moment.outcome ?? "failed"],
      properties: Object.entries(said).filter(([, value]) => value),
      tooltipText: isCall ? `${moment.name}: until the page is true again` : moment.reason,
    },
  };
  try {
    performance.measure(name, { start, end, detail });
    // Who records has it by now, and nobody else needs it.
    performance.clearMeasures(name);
  } catch {
    // An older browser has no such measures.
  }
}
