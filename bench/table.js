// The results as text: a table per suite and environment.
import { libraries as known } from "./machine.js";

const SHORT = { tanstack: "TanStack", rtk: "RTK", apollo: "Apollo" };
const nameOf = (id) => SHORT[id] ?? known[id]?.name ?? "floor";

export function print({
  date,
  seconds,
  machine,
  libraries,
  rows,
  comparisons,
  growth,
  unfinished,
  goals,
}) {
  const { processor, cores, memory, system, node, chromium, load } = machine;
  const versions = Object.values(libraries).flatMap(({ versions }) => Object.entries(versions));
  const lines = [
    `${date}, ${seconds} s. ${processor}, ${cores} cores, ${memory}, ${system}; load ${load.join(" to ")}.`,
    `Node ${node}${chromium ? `, Chromium ${chromium}` : ""}; ${versions.map((pair) => pair.join(" ")).join(", ")}.`,
    ...(Math.max(...load) > cores
      ? ["The machine was busy: times are too long, and ratios near 1 say nothing."]
      : []),
    "Medians. A ratio below 1 means that Mizan costs less than the best peer, which is named.",
  ];
  const tables = new Map();
  for (const row of rows) {
    const id = `${row.suite}, ${row.environment}`;
    tables.set(id, [...(tables.get(id) ?? []), row]);
  }
  for (const [title, own] of tables) {
    lines.push("", title, "", ...table(own, comparisons, growth));
  }
  if (unfinished.length) {
    lines.push("", "Not finished:");
    lines.push(
      ...unfinished.map(
        ({ environment, part, library, n, why }) =>
          `  ${nameOf(library)}, ${part} of ${n} in ${environment}: ${why}`,
      ),
    );
  }
  lines.push("", "Goals:");
  lines.push(
    ...goals.map(
      ({ goal, aim, found, met }) => `  ${met ? "met   " : "missed"}  ${goal}: ${found} (${aim})`,
    ),
  );
  return lines.join("\n");
}

function table(own, comparisons, growth) {
  const ids = [...Object.keys(known), "none"].filter((id) =>
    own.some(({ library }) => library === id),
  );
  const cells = [["", "n", "unit", ...ids.map(nameOf), "spread", "to the best peer", "growth"]];
  const order = [...new Set(own.map(({ row }) => row))];
  const heads = new Map(own.map((one) => [`${one.row} ${one.n}`, one]));
  const sorted = [...heads.values()].sort(
    (a, b) => order.indexOf(a.row) - order.indexOf(b.row) || a.n - b.n,
  );
  for (const { suite, environment, row, n, unit } of sorted) {
    const here = (one) => one.row === row && one.suite === suite && one.environment === environment;
    const ours = own.find((one) => one.library === "mizan" && here(one) && one.n === n);
    const comparison = comparisons.find((one) => here(one) && one.n === n);
    const grown = growth.find((one) => here(one) && one.library === "mizan" && one.to === n);
    cells.push([
      row,
      n.toLocaleString("en-US"),
      unit,
      ...ids.map((id) =>
        brief(own.find((one) => here(one) && one.library === id && one.n === n)?.median),
      ),
      ours ? ours.quartiles.map(brief).join("–") : "",
      comparison?.ratio === undefined
        ? ""
        : `${comparison.ratio.toFixed(2)} ${nameOf(comparison.best.library)}`,
      grown ? `×${brief(grown.factor)}` : "",
    ]);
  }
  const widths = cells[0].map((_, at) => Math.max(...cells.map((row) => row[at].length)));
  return cells.map((row) =>
    row
      .map((cell, at) =>
        at === 0 || at === 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]),
      )
      .join("  ")
      .trimEnd(),
  );
}

function brief(value) {
  if (value === undefined) {
    return "–";
  }
  return value >= 1000
    ? Math.round(value).toLocaleString("en-US")
    : `${Number(value.toPrecision(value > 10 ? 4 : 3))}`;
}
