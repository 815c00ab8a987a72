// What a process without a document does: nothing is remembered for the next person.
import assert from "node:assert/strict";
import { test } from "node:test";
import { configure, InvalidKey, MizanError, mizanFetch } from "@mizan/runtime";
import { Server } from "./server.mjs";

const server = new Server();
configure({ cache: undefined, fetch: server.fetch });

test("each fetch of a context asks the server", async () => {
  await mizanFetch("user", { user_id: 5 });
  await Promise.all([mizanFetch("user", { user_id: 5 }), mizanFetch("user", { user_id: 5 })]);
  assert.equal(server.requests.length, 3);
});

test("a refusal is an error, and so is a key that cannot be", async () => {
  server.held = true;
  const refused = mizanFetch("user", { user_id: 6 });
  while (server.waiting.length === 0) await new Promise(setImmediate);
  server.waiting[0].problem(404);
  await assert.rejects(refused, (error) => error instanceof MizanError && error.status === 404);
  await assert.rejects(mizanFetch("user", { userId: 5 }), InvalidKey);
});

test("giving up rejects with the reason", async () => {
  const controller = new AbortController();
  const given = mizanFetch("user", { user_id: 7 }, { signal: controller.signal });
  while (server.waiting.length < 2) await new Promise(setImmediate);
  controller.abort(new Error("enough"));
  await assert.rejects(given, /enough/);
});
