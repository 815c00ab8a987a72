// The results as text: a table per suite and environment.

const NAMES = { mizan: "Mizan", tanstack: "TanStack", swr: "SWR", rtk: "RTK", apollo: "Apollo", urql: "urql", none: "-" };

export function print({ rows, comparisons, growth }) {
  const lines = [];
  const tables = new Set(rows.map(({ suite, environment }) => `${suite}\n${environment}`));
  for (const table of tables) {
    const [suite, environment] = table.split("\n");
    const own = rows.filter((row) => row.suite === suite && row.environment === environment);
    const libraries = Object.keys(NAMES).filter((id) => own.some(({ library }) => library === id));
    lines.push("", `${suite}, ${environment}`, "");
    const cells = [["", "n", "unit", ...libraries.map((id) => NAMES[id]), "ours / best peer", "growth"]];
    const seen = new Set();
    for (const { row, n, unit } of own) {
      const id = `${row} ${n}`;
      if (seen.has(id)) {
        continue;
      }
      seen.add(id);
      const of = (list, library) =>
        list.find((other) => other.row === row && other.suite === suite && other.environment === environment
          && (other.n === undefined || other.n === n) && (library === undefined || other.library === library));
      const comparison = of(comparisons);
      const grown = growth.find((other) => other.row === row && other.suite === suite
        && other.environment === environment && other.library === "mizan" && other.to === n);
      cells.push([
        row, `${n}`, unit,
        ...libraries.map((library) => {
          const found = of(own, library);
          return found ? short(found.median) : "-";
        }),
        comparison?.ratio === undefined
          ? "" : `${comparison.ratio.toFixed(2)} ${NAMES[comparison.best.library]}`,
        grown ? `×${short(grown.factor)}` : "",
      ]);
    }
    const widths = cells[0].map((_, at) => Math.max(...cells.map((row) => row[at].length)));
    lines.push(...cells.map((row) =>
      row.map((cell, at) => (at === 0 || at === 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ")));
  }
  return lines.join("\n");
}

function short(value) {
  return value >= 1000 ? Math.round(value).toLocaleString("en-US") : `${Number(value.toPrecision(3))}`;
}
