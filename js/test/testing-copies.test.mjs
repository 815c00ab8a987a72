// The server of a test, in a page that has loaded the package more than once.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openPage } from "./page.mjs";

test("a server for a copy of the runtime that is not in charge says so", async () => {
  const page = await openPage();
  after(() => page.fire("pagehide"));
  const { createTestServer } = await import("@mizan/runtime/testing");
  assert.throws(() => createTestServer(), /another one, which stays in charge: load it once/);
});
