// What is aimed at, and whether it was reached.

/** The goals that the results say something about: `{goal, aim, found, met}`. */
export function goals({ rows, comparisons, growth }) {
  const find = (list, wanted) =>
    list.filter((one) => Object.entries(wanted).every(([name, value]) => one[name] === value));
  const median = (library, row, n, environment) =>
    find(rows, { library, row, n, environment })[0]?.median;
  const found = [];
  const add = (goal, value, limit, more) => {
    if (Number.isFinite(value)) {
      const met = more ? value >= limit : value <= limit;
      found.push({
        goal,
        aim: `${more ? "≥" : "≤"} ${limit}`,
        found: Number(value.toPrecision(4)),
        met,
      });
    }
  };
  for (const environment of ["Node", "Chromium"]) {
    const own = comparisons.filter(
      (one) => one.environment === environment && one.ratio !== undefined,
    );
    const slower = own.filter(({ ratio }) => ratio > 1);
    if (own.length) {
      add(`${environment}: rows slower than the best peer, of ${own.length}`, slower.length, 0);
    }
    const [grown] = find(growth, { environment, library: "mizan", row: "invalidate 1 of N" });
    add(`${environment}: invalidate 1 of N, growth from 100 to 10,000`, grown?.factor, 1.5);
    for (const n of [100, 1000, 10_000]) {
      const [read] = find(comparisons, { environment, row: "snapshot read", n });
      add(`${environment}: snapshot read of ${n}, to the best peer`, read?.ratio, 1);
    }
    for (const n of [100_000, 1_000_000]) {
      const times = (row) =>
        median("tanstack", row, n, environment) / median("mizan", row, n, environment);
      add(
        `${environment}: unchanged refetch of ${n / 1000} KB, cheaper than TanStack Query`,
        times("unchanged"),
        15,
        true,
      );
      add(
        `${environment}: one row of ${n / 1000} KB changed, cheaper than TanStack Query`,
        times("one row changed"),
        5,
        true,
      );
      for (const floor of ["JSON.parse of the text", "decode and JSON.parse"]) {
        add(
          `${environment}: first load of ${n / 1000} KB, to ${floor}`,
          median("mizan", "first load", n, environment) / median("none", floor, n, environment),
          1.1,
        );
      }
    }
    add(
      `${environment}: references kept of 2,500 when one row changed`,
      25 * median("mizan", "one row changed: references kept", 1_000_000, environment),
      2499,
      true,
    );
  }
  add(
    "Chromium: components of 200 that render when one context of 50 has changed",
    median("mizan", "50 contexts, 0 ms: click, components rendered", 200, "Chromium"),
    4,
  );
  add(
    "Chromium: rows of 2,500 that render when one has changed",
    median("mizan", "one row changed: click, components rendered", 2500, "Chromium"),
    1,
  );
  add("Chromium: wasm start, ms", median("mizan", "wasm start", 1, "Chromium"), 3);
  return found;
}
