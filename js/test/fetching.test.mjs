import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { configure, invalidate, MizanError, mizanFetch, registerContext } from "@mizan/runtime";
import { idle, outcome, Server } from "./server.mjs";

let server;
let events;
let next = 0;

// One machine lives as long as the module: each test has a context of its own.
let user;
let path;

beforeEach(() => {
  server = new Server();
  events = [];
  configure({ cache: true, fetch: server.fetch, onEvent: (event) => events.push(event) });
  user = `user${++next}`;
  path = `/api/mizan/ctx/${user}/?user_id=5`;
});

test("requests for the same context at the same time are one", async () => {
  const values = await Promise.all([
    mizanFetch(user, { user_id: 5 }),
    mizanFetch(user, { user_id: "5" }),
    mizanFetch(user, { user_id: 5n, other: null }),
  ]);
  assert.deepEqual(server.paths, [path]);
  assert.equal(values[0], values[1]);
  assert.equal(values[1], values[2]);
  assert.deepEqual(values[0], { version: 0 });
});

test("a request for a context confirms what the HTTP cache has, and sends no body", async () => {
  await mizanFetch(user, { user_id: 5 });
  const [request] = server.requests;
  assert.equal(request.method, "GET");
  assert.equal(request.cache, "no-cache");
  assert.equal(request.body, undefined);
  assert.equal(request.headers.get("X-CSRFToken"), null);
  assert.equal(request.headers.get("Accept"), "application/json");
});

test("a fresh value is given without a request, until it is invalidated", async () => {
  await mizanFetch(user, { user_id: 5 });
  await mizanFetch(user, { user_id: 5 });
  assert.equal(server.count(path), 1);
  server.version = 1;
  invalidate([{ context: user, params: { user_id: 6 } }]);
  await mizanFetch(user, { user_id: 5 });
  assert.equal(server.count(path), 1, "that was another key");
  invalidate([{ context: user, params: { user_id: 5 } }]);
  assert.deepEqual(await mizanFetch(user, { user_id: 5 }), { version: 1 });
  assert.equal(server.count(path), 2);
});

test("an invalidation while the first request is under way ends with a new value", async () => {
  server.held = true;
  const value = mizanFetch(user, { user_id: 5 });
  await idle();
  server.version = 1;
  invalidate([user]);
  await idle();
  assert.ok(server.requests[0].aborted);
  server.release();
  assert.deepEqual(await value, { version: 1 });
  assert.equal(server.count(path), 2);
});

test("a subscriber is told of every change and reads one object as long as nothing changes", async () => {
  const registration = registerContext(user, { user_id: 5 });
  assert.equal(registration.key, `${user}?user_id=5`);
  assert.equal(server.requests.length, 0, "nobody looks yet");
  const before = registration.getSnapshot();
  assert.deepEqual(
    [before.status, before.data, before.error, before.isFetching, before.isStale],
    ["pending", undefined, undefined, false, true],
  );
  const seen = [];
  registration.subscribe(() => seen.push(registration.getSnapshot()));
  assert.equal(registration.getSnapshot().isFetching, true);
  await idle();
  const after = registration.getSnapshot();
  assert.equal(after, registration.getSnapshot());
  assert.equal(seen.at(-1), after);
  assert.deepEqual(
    [after.status, after.data, after.isFetching, after.isStale],
    ["success", { version: 0 }, false, false],
  );
  assert.equal(before.isFetching, false, "a snapshot is of its moment");
  registration.release();
});

test("the old value stays visible until the new one is there", async () => {
  const registration = registerContext(user, { user_id: 5 });
  registration.subscribe(() => {});
  await idle();
  server.held = true;
  server.version = 1;
  invalidate([user]);
  await idle();
  const during = registration.getSnapshot();
  assert.deepEqual(
    [during.data, during.isFetching, during.isStale, during.status],
    [{ version: 0 }, true, true, "success"],
  );
  server.release();
  await idle();
  assert.deepEqual(registration.getSnapshot().data, { version: 1 });
  registration.release();
});

test("a failed refetch shows its error beside the old value", async () => {
  const registration = registerContext(user, { user_id: 5 });
  registration.subscribe(() => {});
  await idle();
  server.routes.set(`/api/mizan/ctx/${user}/`, (request) => request.problem(500));
  const { error } = await outcome(registration.refetch());
  assert.ok(error instanceof MizanError);
  assert.equal(error.status, 500);
  const snapshot = registration.getSnapshot();
  assert.equal(snapshot.error, error);
  assert.deepEqual([snapshot.status, snapshot.data], ["error", { version: 0 }]);
  server.routes.clear();
  assert.deepEqual(await registration.refetch(), { version: 0 });
  assert.equal(registration.getSnapshot().error, undefined);
  registration.release();
});

test("refetch asks the server even if the value is fresh", async () => {
  const registration = registerContext(user, { user_id: 5 });
  await registration.refetch();
  server.version = 1;
  assert.deepEqual(await registration.refetch(), { version: 1 });
  assert.equal(server.count(path), 2);
});

test("two registrations of one context share its request and its snapshot", async () => {
  const [one, two] = [1, "1"].map((id) => registerContext(user, { user_id: id }));
  one.subscribe(() => {});
  two.subscribe(() => {});
  await idle();
  assert.equal(server.requests.length, 1);
  assert.equal(one.getSnapshot(), two.getSnapshot());
  one.release();
  invalidate([user]);
  await idle();
  assert.equal(server.requests.length, 2, "the other one still looks");
  two.release();
});

test("release ends every subscription of its registration, once", async () => {
  const registration = registerContext(user, { user_id: 5 });
  let calls = 0;
  const unsubscribe = registration.subscribe(() => calls++);
  registration.subscribe(() => calls++);
  await idle();
  const before = calls;
  registration.release();
  registration.release();
  unsubscribe();
  invalidate([user]);
  await idle();
  assert.equal(calls, before);
  assert.equal(server.requests.length, 1, "nobody looks");

  // What was released can be used again.
  registration.subscribe(() => calls++);
  await idle();
  assert.equal(server.requests.length, 2);
  assert.ok(calls > before);
  registration.release();
});

test("one callback that is subscribed twice is called twice, and leaves once at a time", async () => {
  const registration = registerContext(user, { user_id: 5 });
  let calls = 0;
  const callback = () => calls++;
  const first = registration.subscribe(callback);
  registration.subscribe(callback);
  await idle();
  first();
  first();
  calls = 0;
  server.held = true;
  invalidate([user]);
  assert.equal(calls, 1);
  server.release();
  await idle();
  registration.release();
});

test("the request of the last who leaves is given up in the next turn", async () => {
  server.held = true;
  const registration = registerContext(user, { user_id: 5 });
  const leave = registration.subscribe(() => {});
  leave();
  const stay = registration.subscribe(() => {});
  await idle();
  assert.equal(server.requests.length, 1, "a component that moves");
  assert.ok(!server.requests[0].aborted);
  stay();
  await new Promise((resolve) => setTimeout(resolve));
  await idle();
  assert.ok(server.requests[0].aborted);
});

test("a signal that is aborted already asks nobody", async () => {
  const reason = new Error("no longer");
  const { error } = await outcome(
    mizanFetch(user, { user_id: 5 }, { signal: AbortSignal.abort(reason) }),
  );
  assert.equal(error, reason);
  await idle();
  assert.equal(server.requests.length, 0);
});

test("a signal that is aborted on the way rejects at once and gives up the request", async () => {
  server.held = true;
  const controller = new AbortController();
  const reason = new Error("no longer");
  const read = outcome(mizanFetch(user, { user_id: 5 }, { signal: controller.signal }));
  await idle();
  controller.abort(reason);
  assert.equal((await read).error, reason);
  await new Promise((resolve) => setTimeout(resolve));
  await idle();
  assert.ok(server.requests[0].aborted);
});

test("a signal ends its own wait and nobody else's", async () => {
  server.held = true;
  const controller = new AbortController();
  const aborted = outcome(mizanFetch(user, { user_id: 5 }, { signal: controller.signal }));
  const other = mizanFetch(user, { user_id: 5 });
  await idle();
  controller.abort();
  assert.equal((await aborted).error.name, "AbortError");
  await new Promise((resolve) => setTimeout(resolve));
  server.release();
  assert.deepEqual(await other, { version: 0 });
  assert.equal(server.requests.length, 1);
});

test("events tell of requests and what came of them", async () => {
  await mizanFetch(user, { user_id: 5 });
  server.routes.set(`/api/mizan/ctx/${user}/`, (request) => request.cut());
  invalidate([{ context: user, params: { user_id: 5 } }]);
  await outcome(mizanFetch(user, { user_id: 5 }));
  const key = `${user}?user_id=5`;
  assert.deepEqual(events, [
    { type: "fetch", key },
    { type: "settle", key, status: 200 },
    {
      type: "invalidate",
      source: "local",
      list: [{ context: user, params: { user_id: "5" } }],
    },
    { type: "fetch", key },
    { type: "settle", key, status: 0 },
  ]);
});

test("a new identity drops what was there and fetches what is shown", async () => {
  const identity = (token) => {
    server.routes.set(`/api/mizan/ctx/${user}/`, (request) =>
      request.answer({ token }, { headers: { "X-Mizan-Identity": token } }),
    );
  };
  identity("ada");
  const registration = registerContext(user, { user_id: 5 });
  const other = registerContext(user, { user_id: 6 });
  registration.subscribe(() => {});
  other.subscribe(() => {});
  await idle();
  identity("bob");
  await registration.refetch();
  await idle();
  assert.deepEqual(registration.getSnapshot().data, { token: "bob" });
  assert.deepEqual(other.getSnapshot().data, { token: "bob" });
  assert.equal(events.filter(({ type }) => type === "identity").length, 1);
  assert.equal(server.requests.length, 4);
  registration.release();
  other.release();
});
