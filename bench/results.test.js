import assert from "node:assert/strict";
import { test } from "node:test";
import { goals } from "./goals.js";
import { results } from "./results.js";

/** A process of one library with these samples. */
function run(library, values, { row = "populate", n = 100, unit = "ns" } = {}) {
  const lines = values.map((value) => ({ row, n, unit, value }));
  return { environment: "Node", suite: "entries", library, lines };
}

test("a slow process does not move the median of the processes", () => {
  const { rows } = results([
    run("mizan", [1, 2, 3]),
    run("mizan", [2, 2, 2, 2]),
    run("mizan", [900, 900, 900]),
  ]);
  assert.equal(rows.length, 1);
  assert.equal(rows[0].median, 2);
  assert.equal(rows[0].processes, 3);
  assert.equal(rows[0].samples, 10);
  assert.deepEqual(rows[0].quartiles, [2, 675.8]);
});

test("a ratio is to the peer that costs least", () => {
  const { comparisons } = results([run("mizan", [6]), run("swr", [3]), run("urql", [4])]);
  assert.deepEqual(comparisons[0].best, { library: "swr", median: 3 });
  assert.equal(comparisons[0].ratio, 2);
});

test("of a share, more is better, and there is no ratio", () => {
  const share = { unit: "%" };
  const { comparisons } = results([
    run("mizan", [100], share),
    run("swr", [0], share),
    run("rtk", [90], share),
  ]);
  assert.equal(comparisons[0].best.library, "rtk");
  assert.equal(comparisons[0].ratio, undefined);
});

test("what no library can do without is no peer", () => {
  const { comparisons } = results([run("mizan", [6]), run("none", [3])]);
  assert.equal(comparisons[0].best, undefined);
});

test("growth is from the smallest n to the greatest, for each library", () => {
  const { growth } = results([
    run("swr", [8], { n: 10_000 }),
    run("swr", [2], { n: 100 }),
    run("swr", [3], { n: 1000 }),
    run("urql", [5], { n: 100 }),
  ]);
  assert.deepEqual(
    growth.map(({ library, from, to, factor }) => [library, from, to, factor]),
    [["swr", 100, 10_000, 4]],
  );
});

test("a goal is missed by one row that is slower than a peer", () => {
  const of = (mizan) => goals(results([run("mizan", [mizan]), run("swr", [10])]))[0];
  assert.equal(of(10).met, true);
  assert.equal(of(10.1).met, false);
  assert.match(of(10.1).goal, /slower than the best peer, of 1$/);
});
