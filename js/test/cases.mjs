// The cases of tests/vectors/, and what holds for all traces of a file. Their format: tests/vectors/README.md.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The cases of a file. */
export function cases(name) {
  return JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}`, import.meta.url), "utf8"));
}

/** Each trace of a file, whose ids begin with a letter, gives the outputs that it says, and none is left out. */
export function assertTraces(name, letter, play) {
  const all = cases(name);
  const failures = [];
  const ids = new Set();
  for (const each of all) {
    try {
      assert.match(each.id, new RegExp(`^${letter}\\d{3}$`));
      for (const [at, outputs] of play(each).entries()) {
        assert.deepEqual(outputs, each.steps[at].outputs, `step ${at}: ${JSON.stringify(outputs)}`);
      }
      ids.add(each.id);
    } catch (error) {
      failures.push(`${each.id} (${each.name}): ${error.message}`);
    }
  }
  assert.equal(failures.join("\n"), "");
  assert.ok(ids.size > 0);
  assert.equal(ids.size, all.length, "every case ran, and has an id of its own");
}
