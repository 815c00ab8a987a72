// The server of a test in a process without a document, such as that of a loader or a route handler.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { mizanCall, mizanFetch } from "@mizan/runtime";
import { createTestServer, problem } from "@mizan/runtime/testing";

let server;

beforeEach(() => {
  server = createTestServer();
});

afterEach(() => server.stop());

test("each fetch is answered, since nothing is remembered", async () => {
  server.context("user", ({ user_id }) => ({ user_profile: { id: user_id } }));
  for (let count = 0; count < 2; count++) {
    assert.deepEqual(await mizanFetch("user", { user_id: 5 }), { user_profile: { id: 5 } });
  }
  assert.deepEqual(server.requests, [
    { context: "user", params: { user_id: 5 } },
    { context: "user", params: { user_id: 5 } },
  ]);
});

test("a param's type is what its text looks like, since nobody remembers what it was", async () => {
  server.context("shop", () => ({}));
  await mizanFetch("shop", { open: true, shut: false, price: 1e-7, slug: "a-1", text: "05" });
  await mizanFetch("shop", { slug: "2024" });
  assert.deepEqual(
    server.requests.map(({ params }) => params),
    [{ open: true, price: 1e-7, shut: false, slug: "a-1", text: "05" }, { slug: 2024 }],
  );
});

test("a call is answered, or refused", async () => {
  server.mutation("rename", ({ name }) => name || problem(422, { fields: { name: "is missing" } }));
  assert.equal(await mizanCall("rename", { name: "Ada" }), "Ada");
  await assert.rejects(mizanCall("rename", { name: "" }), (error) => {
    assert.deepEqual(error.fields, { name: "is missing" });
    return true;
  });
});
