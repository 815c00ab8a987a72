// What the runs say: medians, spread, ratios to the best peer, growth.
import { quantile } from "d3-array";

const OURS = "mizan";

/**
 * One row per suite, row, n, environment and library: the median of the medians of its processes, their
 * quartiles, and how many samples there were.
 */
export function results(runs) {
  const rows = [...group(runs)].map(([, members]) => {
    const [{ samples: _, ...head }] = members;
    const medians = members.map(({ samples }) => quantile(samples, 0.5));
    return {
      ...head,
      median: round(quantile(medians, 0.5)),
      low: round(quantile(medians, 0.25)),
      high: round(quantile(medians, 0.75)),
      processes: medians.length,
      samples: members.reduce((sum, { samples }) => sum + samples.length, 0),
    };
  });
  return { rows, comparisons: compare(rows), growth: grow(rows) };
}

function group(runs) {
  const groups = new Map();
  for (const run of runs) {
    const { suite, environment, library, row, n } = run;
    const id = [suite, environment, row, n, library].join("\n");
    groups.set(id, [...(groups.get(id) ?? []), run]);
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
        .filter((other) => other.environment === environment && other.library !== OURS)
        .sort((a, b) => (unit === "%" ? b.median - a.median : a.median - b.median));
      const [best] = peers;
      return {
        suite, row, n, unit, environment,
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
      .filter((other) => ["suite", "row", "environment", "library"].every((name) => other[name] === row[name]))
      .sort((a, b) => a.n - b.n);
    const [first] = series;
    const last = series.at(-1);
    return row === first && first !== last
      ? [{
          suite: row.suite, row: row.row, environment: row.environment, library: row.library,
          from: first.n, to: last.n, factor: round(last.median / first.median),
        }]
      : [];
  });
}

function round(value) {
  return Number(value.toPrecision(4));
}
