// The results as a picture: each row of one environment, and how many times Mizan's cost each peer costs.
import { libraries } from "./machine.js";

/** What is shown of each suite. */
const SHOWN = [
  { title: "1,000 entries", suite: "entries", n: 1000 },
  { title: "A list of 100 KB", suite: "bodies", n: 100_000 },
  { title: "A list of 1 MB", suite: "bodies", n: 1_000_000 },
];
const ENVIRONMENT = "Chromium";
const TICKS = [0.1, 1, 10, 100, 1000];
const LEFT = 232;
const WIDTH = 840;
const RIGHT = WIDTH - 40;
const LINE = 24;
/** Told apart by shape and by colour; the colours are as clear on white as on black. */
const MARKS = {
  tanstack: ["#e8590c", "M-5 -5H5V5H-5Z"],
  swr: ["#7b61ff", "M0 -6L6 5H-6Z"],
  rtk: ["#0a8f5b", "M0 -6L6 0L0 6L-6 0Z"],
  apollo: ["#c2255c", "M0 6L6 -5H-6Z"],
  urql: ["#1c7ed6", "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0"],
};
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600 }
  .note { font-size: 12px; fill: #57606a }
  .line { stroke: #d0d7de }
  .mark { stroke: #fff }
  .ours { stroke: #24292f; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .note { fill: #9198a1 }
    .line { stroke: #3d444d }
    .mark { stroke: #0d1117 }
    .ours { stroke: #e6edf3 }
  }`;

export function chart({ rows, machine, date }) {
  const parts = [];
  let y = 84;
  const top = y - 12;
  for (const { title, suite, n } of SHOWN) {
    const own = rows.filter((one) => one.suite === suite && one.n === n && one.unit !== "%");
    const names = own
      .filter(
        ({ environment, library, unit }) =>
          library === "mizan" && (environment === ENVIRONMENT || /bytes|KB/.test(unit)),
      )
      .map(({ row }) => row);
    parts.push(text(14, y + 5, title, "title"));
    y += LINE;
    for (const row of new Set(names)) {
      // What only a process can count was counted there.
      const here = own.filter((one) => one.row === row);
      const environment = here.some((one) => one.environment === ENVIRONMENT)
        ? ENVIRONMENT
        : "Node";
      parts.push(
        line(
          here.filter((one) => one.environment === environment),
          row,
          y,
        ),
      );
      y += LINE;
    }
    y += 8;
  }
  const bottom = y - 12;
  const axis = TICKS.map((tick) => {
    const at = place(tick);
    const label = tick === 1 ? "Mizan" : `${tick.toLocaleString("en-US")} ×`;
    return (
      `<path class="${tick === 1 ? "ours" : "line"}" d="M${at} ${top}V${bottom}"/>` +
      text(at, top - 8, label, tick === 1 ? "title" : "note", "middle")
    );
  });
  const legend = Object.entries(MARKS).map(
    ([id], index) =>
      mark(id, 24 + index * 140, 26) + text(36 + index * 140, 31, libraries[id].name),
  );
  const note = `Cost as a multiple of Mizan's: to the left of the line a peer costs less. Chromium ${machine.chromium?.split(".")[0]}, ${date.slice(0, 10)}; heap and allocations in Node ${machine.node.split(".")[0]}.`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + 34}" viewBox="0 0 ${WIDTH} ${bottom + 34}" role="img">
<title>${note}</title>
<style>${STYLE}
</style>
${[...axis, ...legend, ...parts].join("\n")}
${text(14, bottom + 22, note, "note")}
</svg>
`;
}

function line(own, row, y) {
  const ours = own.find(({ library }) => library === "mizan");
  const marks = Object.keys(MARKS).flatMap((id) => {
    const peer = own.find(({ library }) => library === id);
    return peer ? [mark(id, place(peer.median / ours.median), y)] : [];
  });
  return [
    text(26, y + 5, row),
    `<path class="line" d="M${LEFT} ${y}H${RIGHT}" stroke-dasharray="1 4"/>`,
    ...marks,
  ].join("\n");
}

function mark(id, x, y) {
  const [color, path] = MARKS[id];
  return `<path class="mark" fill="${color}" transform="translate(${x} ${y})" d="${path}"/>`;
}

/** Where a multiple is; what is beyond the axis is at its end. */
function place(value) {
  const first = Math.log10(TICKS[0]);
  const last = Math.log10(TICKS.at(-1));
  const part = (Math.log10(value) - first) / (last - first);
  return Math.round(LEFT + Math.min(Math.max(part, 0), 1) * (RIGHT - LEFT));
}

function text(x, y, content, kind, anchor) {
  const more = (kind ? ` class="${kind}"` : "") + (anchor ? ` text-anchor="${anchor}"` : "");
  return `<text x="${x}" y="${y}"${more}>${content}</text>`;
}
