import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { configure, invalidate, mizanCall, mizanFetch } from "@mizan/runtime";
import { idle, outcome, Server } from "./server.mjs";

let server;
let token;
let refreshes;

beforeEach(() => {
  server = new Server();
  token = "old";
  refreshes = 0;
  const guarded = (answer) => (request) => {
    if (request.headers.get("Authorization") === "Bearer new") {
      request.answer(answer);
    } else {
      request.problem(401, { type: "urn:mizan:problem:unauthenticated" });
    }
  };
  server.onCall(guarded({ result: 1, invalidate: [] }));
  for (const name of ["a", "b", "c"]) {
    server.routes.set(`/api/mizan/ctx/${name}/`, guarded({ name }));
  }
  configure({
    cache: true,
    fetch: server.fetch,
    onEvent: () => {},
    token: () => token,
    refreshToken: async () => {
      refreshes++;
      await idle();
      token = "new";
    },
  });
  invalidate(["*"]);
});

test("a token is sent as Bearer, and then no CSRF token", async () => {
  token = "new";
  assert.equal(await mizanCall("rename"), 1);
  assert.deepEqual(server.paths, ["/api/mizan/call/"]);
  assert.equal(server.requests[0].headers.get("Authorization"), "Bearer new");
  assert.equal(server.requests[0].headers.get("X-CSRFToken"), null);
});

test("a token may come later, and is asked for at each request", async () => {
  let asked = 0;
  configure({
    token: async () => {
      asked++;
      await idle();
      return "new";
    },
  });
  await mizanFetch("a");
  await mizanCall("rename");
  assert.equal(asked, 2);
  assert.equal(server.requests[0].headers.get("Authorization"), "Bearer new");
});

test("requests that are refused together share one refresh, and are sent once more", async () => {
  const values = await Promise.all([
    mizanFetch("a"),
    mizanFetch("b"),
    mizanFetch("c"),
    mizanCall("rename"),
  ]);
  assert.deepEqual(values, [{ name: "a" }, { name: "b" }, { name: "c" }, 1]);
  assert.equal(refreshes, 1);
  assert.equal(server.requests.length, 8);
});

test("a second 401 is final, and does not fall back to the session", async () => {
  configure({ refreshToken: () => refreshes++ });
  const { error } = await outcome(mizanCall("rename"));
  assert.equal(error.status, 401);
  assert.equal(refreshes, 1);
  assert.deepEqual(server.paths, ["/api/mizan/call/", "/api/mizan/call/"]);
});

test("without a way to refresh a 401 is final", async () => {
  configure({ refreshToken: undefined });
  assert.equal((await outcome(mizanFetch("a"))).error.status, 401);
  assert.equal(server.requests.length, 1);
});

test("a refresh that fails leaves the 401 to what waits for it, and the next request tries again", async () => {
  let fails = true;
  configure({
    refreshToken: async () => {
      refreshes++;
      if (fails) {
        throw new Error("no network");
      }
      token = "new";
    },
  });
  const [a, b] = await Promise.all([outcome(mizanFetch("a")), outcome(mizanFetch("b"))]);
  for (const { error } of [a, b]) {
    assert.equal(error.status, 401);
  }
  assert.equal(refreshes, 1);
  fails = false;
  assert.deepEqual(await mizanFetch("a"), { name: "a" });
});

test("no token means the session", async () => {
  token = null;
  server.onCall((request) => request.answer({ result: 1 }));
  await mizanCall("rename");
  const request = server.requests.at(-1);
  assert.equal(request.headers.get("Authorization"), null);
  assert.equal(request.headers.get("X-CSRFToken"), "token-1");
});

test("a 401 to a token that was renewed meanwhile needs no second renewal", async () => {
  server.held = true;
  const late = mizanFetch("a");
  while (server.waiting.length === 0) await idle();
  const [request] = server.waiting.splice(0);
  server.held = false;
  await mizanFetch("b");
  assert.equal(refreshes, 1);
  request.problem(401, { type: "urn:mizan:problem:unauthenticated" });
  assert.deepEqual(await late, { name: "a" });
  assert.equal(refreshes, 1);
});
