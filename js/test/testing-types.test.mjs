// What TypeScript says of the published types.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));

test("a test's server has the types of its schema, and refuses what these do not allow", () => {
  const compiler = pathOf("../../node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", pathOf("types")]);
  assert.equal(`${stdout}`, "");
  assert.equal(status, 0);
});
