import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { count, run } from "./tally.js";

// Unseen: what these say would count when this file is run by the tally.
const quiet = () => {};
const sh = (script) => run("sh", ["-c", script], quiet);

test("reads what each runner writes last", () => {
  const lines = {
    "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 4 filtered out; finished in 0.1s":
      [12, 0],
    "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 filtered out; finished in 0.02s": [1, 2],
    "======= 149 passed in 3.20s =======": [149, 0],
    "=== 2 failed, 7 passed, 1 skipped, 3 errors in 61.20s (0:01:01) ===": [7, 5],
    "=== 1 error in 0.10s ===": [0, 1],
    "=== no tests ran in 0.01s ===": [0, 0],
    "ℹ pass 9": [9, 0],
    "# fail 2": [0, 2],
    "# cancelled 1": [0, 1],
    "fuzz targets: 4 passed, 1 failed": [4, 1],
    "mutants: 30 passed, 0 failed": [30, 0],
    "ℹ tests 12": [0, 0],
    "test count::passed ... ok": [0, 0],
    "  3 passed, 4 failed": [0, 0],
  };
  for (const [line, [passed, failed]] of Object.entries(lines)) {
    assert.deepEqual(count(line), { passed, failed }, line);
  }
});

test("adds up the parts of one runner", async () => {
  const two =
    "echo 'test result: ok. 2 passed; 0 failed'; echo 'test result: ok. 3 passed; 0 failed'";
  assert.deepEqual(await sh(two), { passed: 5, failed: 0 });
});

test("a runner that crashes counts as failed, whatever it said before", async () => {
  const crash = "echo 'ℹ pass 3'; kill -SEGV $$";
  assert.deepEqual(await sh(crash), { passed: 3, failed: 1, why: "ended with SIGSEGV" });
  assert.deepEqual(await sh("exit 2"), { passed: 0, failed: 1, why: "ended with 2" });
});

test("a runner that does not start counts as failed", async () => {
  const { failed, why } = await run("no-such-runner", [], quiet);
  assert.equal(failed, 1);
  assert.match(why, /no-such-runner/);
});

test("a runner that ran nothing counts as failed", async () => {
  const nothing = { passed: 0, failed: 1, why: "ran nothing" };
  assert.deepEqual(await sh("echo 'test result: ok. 0 passed; 0 failed; 9 ignored'"), nothing);
  assert.deepEqual(await sh("true"), nothing);
});

test("failures that a runner reported are not counted twice", async () => {
  assert.deepEqual(await sh("echo '# fail 2'; exit 1"), { passed: 0, failed: 2 });
});

test("goes on after a failure, sums up in the last line and says so by its status", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "mizan-tally-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, "Makefile"),
    "broken:\n\t@exit 1\ngood:\n\t@echo '=== 4 passed in 1.00s ==='\n",
  );
  const tally = (...recipes) => {
    const program = fileURLToPath(new URL("tally.js", import.meta.url));
    const env = { ...process.env, MAKE: "make", MAKEFLAGS: "" };
    const options = { cwd: folder, env, encoding: "utf8" };
    const { status, stdout } = spawnSync(process.execPath, [program, ...recipes], options);
    return [status, stdout.trimEnd().split("\n").at(-1)];
  };
  assert.deepEqual(tally("broken", "good"), [1, "4 passed, 1 failed"]);
  assert.deepEqual(tally("good"), [0, "4 passed, 0 failed"]);
});
