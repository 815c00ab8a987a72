// CSRF: where no script can read the cookie, and in Node there is none, the token comes from session/.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { configure, mizanCall, mizanFetch } from "@mizan/runtime";
import { outcome, Server } from "./server.mjs";

const SESSION = "/api/mizan/session/";
const CALL = "/api/mizan/call/";
const CSRF = { type: "urn:mizan:problem:csrf", title: "CSRF token missing or incorrect" };

let server;
let token = 1;

beforeEach(() => {
  server = new Server();
  server.routes.set(SESSION, (request) => request.answer({ csrf: `token-${token}` }));
  server.onCall((request) => {
    if (request.headers.get("X-CSRFToken") === `token-${token}`) {
      request.answer({ result: 1 });
    } else {
      request.problem(403, CSRF);
    }
  });
  configure({ cache: true, fetch: server.fetch, onEvent: () => {}, csrf: {} });
});

// First, because it is the first call of this process.
test("the first call asks for a token once, the next one has it", async () => {
  assert.equal(await mizanCall("rename"), 1);
  assert.deepEqual(server.paths, [SESSION, CALL]);
  assert.equal(server.requests[0].method, "GET");
  assert.equal(server.requests[0].cache, "no-store");
  assert.equal(await mizanCall("rename"), 1);
  assert.deepEqual(server.paths, [SESSION, CALL, CALL]);
});

test("a token that is no longer good is renewed, and the call sent once more", async () => {
  token++;
  assert.equal(await mizanCall("rename", { name: "Ada" }), 1);
  assert.deepEqual(server.paths, [CALL, SESSION, CALL]);
  assert.deepEqual(server.requests[2].body, { function: "rename", args: { name: "Ada" } });
});

test("a second refusal is final", async () => {
  server.onCall((request) => request.problem(403, CSRF));
  const { error } = await outcome(mizanCall("rename"));
  assert.equal(error.status, 403);
  assert.equal(error.type, CSRF.type);
  assert.deepEqual(server.paths, [CALL, SESSION, CALL]);
});

test("a 403 for another reason is not tried again", async () => {
  server.onCall((request) => request.problem(403, { type: "urn:mizan:problem:forbidden" }));
  const { error } = await outcome(mizanCall("rename"));
  assert.equal(error.type, "urn:mizan:problem:forbidden");
  assert.deepEqual(server.paths, [CALL]);
});

test("the header's name can be configured", async () => {
  configure({ csrf: { header: "X-XSRF" } });
  server.onCall((request) => request.answer({ result: 1 }));
  await mizanCall("rename");
  assert.equal(server.requests[0].headers.get("X-XSRF"), `token-${token}`);
  assert.equal(server.requests[0].headers.get("X-CSRFToken"), null);
});

test("a context needs no token", async () => {
  await mizanFetch("user");
  assert.equal(server.requests[0].headers.get("X-CSRFToken"), null);
  assert.equal(server.count(SESSION), 0);
});
