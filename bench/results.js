// What the runs say: medians, spread, ratios to the best peer, growth.
import { quantile } from "d3-array";

const OURS = "mizan";
/** What no library can do without. */
const FLOOR = "none";

/**
 * One row per suite, row, n, environment and library: the median of the medians of its processes, the
 * quartiles of all samples, and how many there were. `runs` are processes: `{environment, suite, library,
 * lines}`, each line a sample `{row, n, unit, value}`.
 */
export function results(runs) {
  const groups = new Map();
  for (const { environment, suite, library, lines } of runs) {
    for (const [id, samples] of grouped(lines)) {
      const { row, n, unit } = samples[0];
      const key = [environment, suite, library, id].join();
      if (!groups.has(key)) {
        groups.set(key, { head: { suite, environment, row, n, unit, library }, processes: [] });
      }
      groups.get(key).processes.push(samples.map(({ value }) => value));
    }
  }
  const rows = [...groups.values()].map(({ head, processes }) => {
    const samples = processes.flat();
    return {
      ...head,
      median: round(
        quantile(
          processes.map((one) => quantile(one, 0.5)),
          0.5,
        ),
      ),
      quartiles: [0.25, 0.75].map((part) => round(quantile(samples, part))),
      samples: samples.length,
      processes: processes.length,
    };
  });
  return { rows, comparisons: compare(rows), growth: grow(rows) };
}

function grouped(lines) {
  const groups = new Map();
  for (const line of lines) {
    const id = `${line.row} ${line.n}`;
    if (!groups.has(id)) {
      groups.set(id, []);
    }
    groups.get(id).push(line);
  }
  return groups;
}

/** Ours against the best peer of each row. More of a share is better, less of all else. */
function compare(rows) {
  return rows
    .filter(({ library }) => library === OURS)
    .map(({ suite, row, n, unit, environment, median }) => {
      const peers = rows
        .filter((other) => other.suite === suite && other.row === row && other.n === n)
        .filter(
          (other) => other.environment === environment && ![OURS, FLOOR].includes(other.library),
        )
        .sort((a, b) => (unit === "%" ? b.median - a.median : a.median - b.median));
      const [best] = peers;
      return {
        suite,
        row,
        n,
        unit,
        environment,
        ours: median,
        best: best && { library: best.library, median: best.median },
        ratio: best && unit !== "%" ? round(median / best.median) : undefined,
      };
    });
}

/** How much more a row costs at the greatest n than at the smallest. */
function grow(rows) {
  return rows.flatMap((row) => {
    const series = rows
      .filter((other) =>
        ["suite", "row", "environment", "library"].every((name) => other[name] === row[name]),
      )
      .sort((a, b) => a.n - b.n);
    const [first] = series;
    const last = series.at(-1);
    return row === first && first !== last
      ? [
          {
            suite: row.suite,
            row: row.row,
            environment: row.environment,
            library: row.library,
            from: first.n,
            to: last.n,
            factor: first.median ? round(last.median / first.median) : undefined,
          },
        ]
      : [];
  });
}

function round(value) {
  return Number(value.toPrecision(4));
}
