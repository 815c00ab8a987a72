import assert from "node:assert/strict";
import { test } from "node:test";
import { kept, measure, SIZES } from "./counts.mjs";

// Another release of rustc or of Node writes or lays out things a little differently.
const SLACK = 0.05;
/** Most that an operation may cost among 10,000 entries, by what it costs among 100. */
const GROWTH = 1.5;

const counts = measure();
const [few, , many] = SIZES;

test("what operations cost is what was kept (make counts WRITE=1)", () => {
  const known = kept();
  assert.deepEqual(Object.keys(counts), Object.keys(known));
  for (const [operation, sizes] of Object.entries(counts)) {
    for (const size of SIZES) {
      for (const [unit, is] of Object.entries(sizes[size])) {
        const was = known[operation][size][unit];
        const difference = `${operation}, ${size} entries, ${unit}: ${was}, now ${is}`;
        assert.ok(Math.abs(is - was) <= was * SLACK + 16, difference);
      }
    }
  }
});

for (const [operation, sizes] of Object.entries(counts)) {
  test(`${operation}: costs the same, however many entries there are`, () => {
    for (const unit of ["calls", "instructions"]) {
      const [least, most] = [sizes[few][unit], sizes[many][unit]];
      assert.ok(most <= least * GROWTH, `${unit}: ${least} among ${few}, ${most} among ${many}`);
    }
  });
}

test("a snapshot is read without WebAssembly, and without a new object", () => {
  const { calls, instructions, bytes } = counts["read a snapshot"][many];
  assert.deepEqual([calls, instructions], [0, 0]);
  // Not one object for each.
  assert.ok(bytes < 8, `${bytes} bytes`);
});
