// A runtime that begins anew, in a page that has loaded the package more than once.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openPage } from "./page.mjs";

test("a copy of the runtime that is not in charge cannot begin anew, and says what to do", async () => {
  const page = await openPage();
  after(() => page.fire("pagehide"));
  const second = await import(`${import.meta.resolve("@mizan/runtime")}?second`);
  assert.throws(() => second.reset(), /another one, which stays in charge: load it once/);
  page.hydrate({ contexts: [{ context: "user", data: { name: "Ada" } }] });
  const user = second.registerContext("user");
  assert.equal(user.getSnapshot().status, "success");
  page.reset();
  assert.equal(user.getSnapshot().status, "pending");
});
