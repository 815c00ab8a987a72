// What the page gives us may throw. It is reported as its own error, and stops nothing of ours.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { configure, invalidate, mizanCall, mizanFetch, registerContext } from "@mizan/runtime";
import { idle, Server } from "./server.mjs";

const native = globalThis.setTimeout;
let thrown;
let reports = 0;
let server;
let next = 0;
let user;

beforeEach(() => {
  thrown = [];
  // Reporting means throwing in a turn of its own, where no caller is there to be stopped.
  globalThis.setTimeout = (callback, delay) => {
    if (delay !== undefined) {
      return native(callback, delay);
    }
    reports++;
    return native(() => {
      reports--;
      try {
        callback();
      } catch (error) {
        thrown.push(error);
      }
    });
  };
  server = new Server();
  configure({ cache: true, fetch: server.fetch, onEvent: () => {} });
  user = `user${++next}`;
});

afterEach(() => {
  globalThis.setTimeout = native;
});

/** Until what was thrown has been reported. */
async function reported() {
  do {
    await idle();
  } while (reports > 0);
}

test("a subscriber that throws does not keep the others from hearing", async () => {
  const error = new Error("mine");
  const registration = registerContext(user);
  let heard = 0;
  registration.subscribe(() => {
    throw error;
  });
  registration.subscribe(() => heard++);
  await idle();
  assert.ok(heard > 0);
  assert.equal(registration.getSnapshot().status, "success");
  invalidate([user]);
  await reported();
  assert.equal(registration.getSnapshot().isStale, false);
  assert.ok(thrown.length > 0 && thrown.every((other) => other === error));
  registration.release();
});

test("onEvent that throws does not keep anything from happening", async () => {
  const error = new Error("mine");
  configure({
    onEvent: () => {
      throw error;
    },
  });
  server.onCall((request) => request.answer({ result: 1, invalidate: [user] }));
  assert.deepEqual(await mizanFetch(user), { version: 0 });
  assert.equal(await mizanCall("rename"), 1);
  server.version = 1;
  assert.deepEqual(await mizanFetch(user), { version: 1 });
  await reported();
  assert.ok(thrown.length > 0 && thrown.every((other) => other === error));
});

test("a subscriber may subscribe, leave and invalidate while it is told", async () => {
  const registration = registerContext(user);
  const other = registerContext(user, { user_id: 5 });
  let rounds = 0;
  const leave = registration.subscribe(() => {
    if (registration.getSnapshot().status === "success" && rounds++ === 0) {
      other.subscribe(() => {});
      leave();
      invalidate([user]);
    }
  });
  await idle();
  assert.deepEqual(other.getSnapshot().data, { version: 0 });
  assert.equal(other.getSnapshot().isStale, false);
  assert.equal(registration.getSnapshot().isStale, true, "nobody looks at it any more");
  other.release();
  assert.deepEqual(thrown, []);
});

test("onEvent may fetch and call while it is told", async () => {
  const values = [];
  configure({
    onEvent: (event) => {
      if (event.type === "invalidate" && values.length === 0) {
        values.push(mizanFetch(user), mizanFetch(user));
      }
    },
  });
  invalidate([user]);
  assert.deepEqual(await Promise.all(values), [{ version: 0 }, { version: 0 }]);
  assert.equal(server.requests.length, 1);
});

test("what onEvent fetches after an invalidation of its own is not what came before it", async () => {
  const values = [];
  configure({
    schema: "older",
    onEvent: ({ type }) => {
      if (type === "outdated") {
        server.version = 1;
        invalidate([user]);
        values.push(mizanFetch(user), registerContext(user).refetch());
      }
    },
  });
  server.routes.set(`/api/mizan/ctx/${user}/`, (request) =>
    request.answer({ version: server.version }, { headers: { "X-Mizan-Schema": "newer" } }),
  );
  assert.deepEqual(await mizanFetch(user), { version: 0 });
  assert.deepEqual(await Promise.all(values), [{ version: 1 }, { version: 1 }]);
  assert.equal(values.length, 2);
  configure({ schema: "newer" });
});

test("without onEvent, an error that nobody hears of is on the console", async () => {
  configure({ onEvent: undefined });
  const native = console.error;
  const printed = [];
  console.error = (error) => printed.push(error);
  try {
    server.onCall((request) => request.answer({ result: 1, invalidate: 5 }));
    await mizanCall("rename");
  } finally {
    console.error = native;
  }
  assert.equal(printed.length, 1);
  assert.ok(printed[0] instanceof Error);
});
