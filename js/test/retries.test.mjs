// What is tried again, when, and how often. The clock is the test's.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { advance, next, timers } from "./clock.mjs";

const { configure, invalidate, mizanCall, mizanFetch, registerContext } = await import(
  "@mizan/runtime"
);
const { idle, outcome, Server } = await import("./server.mjs");

let server;
let events;
let user;
let count = 0;

beforeEach(() => {
  // The time of those before is up, so that the next timer is the test's own.
  advance(300_000);
  server = new Server();
  events = [];
  configure({
    cache: true,
    fetch: server.fetch,
    retries: undefined,
    onEvent: (event) => events.push(event),
  });
  user = `user${++count}`;
});

const path = () => `/api/mizan/ctx/${user}/`;
const asked = () => server.count(path());

function answerWith(answer) {
  server.routes.set(path(), answer);
}

/** The wait before the next attempt, which is then made. */
async function wait() {
  const delay = next();
  advance(delay);
  await idle();
  return delay;
}

test("a fetch that fails for the time being is tried three times more, later each time", async () => {
  const bounds = [1000, 2000, 4000];
  const longest = [0, 0, 0];
  for (let round = 0; round < 40; round++) {
    user = `user${++count}`;
    answerWith((request) => request.problem(503));
    const fetched = outcome(mizanFetch(user));
    await idle();
    for (const [at, bound] of bounds.entries()) {
      assert.equal(asked(), at + 1);
      const delay = await wait();
      assert.ok(delay <= bound, `${delay} of ${bound}`);
      longest[at] = Math.max(longest[at], delay);
    }
    assert.equal((await fetched).error.status, 503);
    assert.equal(asked(), 4);
  }
  for (const [at, bound] of bounds.entries()) {
    assert.ok(longest[at] > bound / 2, `${longest[at]} of ${bound}: all of it is used`);
  }
});

test("how often is a setting, and none may be", async () => {
  configure({ retries: 1 });
  answerWith((request) => request.problem(503));
  const once = outcome(mizanFetch(user));
  await idle();
  await wait();
  assert.equal((await once).error.status, 503);
  assert.equal(asked(), 2);
  configure({ retries: 0 });
  assert.equal((await outcome(mizanFetch(user))).error.status, 503);
  assert.equal(asked(), 3);
});

test("retries may be as many as it takes, and so may fetches at a time", async () => {
  configure({ retries: Number.POSITIVE_INFINITY, concurrency: Number.POSITIVE_INFINITY });
  answerWith((request) => (asked() < 20 ? request.problem(503) : request.answer({ n: 1 })));
  const fetched = mizanFetch(user);
  await idle();
  // Other contexts' time comes in between.
  for (let turn = 0; turn < 100 && asked() < 20; turn++) {
    assert.ok((await wait()) <= 30_000);
  }
  assert.equal(asked(), 20);
  assert.deepEqual(await fetched, { n: 1 });
  configure({ concurrency: undefined });
});

for (const status of [408, 425, 429, 500, 502, 503, 504]) {
  test(`a ${status} is for the time being`, async () => {
    answerWith((request) => (asked() === 1 ? request.problem(status) : request.answer({ n: 1 })));
    const fetched = mizanFetch(user);
    await idle();
    await wait();
    assert.deepEqual(await fetched, { n: 1 });
  });
}

for (const status of [400, 401, 403, 404, 409, 410, 418, 422, 451]) {
  test(`a ${status} is final`, async () => {
    answerWith((request) => request.problem(status));
    assert.equal((await outcome(mizanFetch(user))).error.status, status);
    assert.equal(asked(), 1);
  });
}

for (const [what, body, type] of [
  ["HTML", "<!doctype html>", "text/html"],
  ["cut JSON", '{"a": ', "application/json"],
  ["nothing", "", "application/json"],
  ["a number", "5", "application/json"],
]) {
  test(`a success that is ${what} is final, and its error names the content type`, async () => {
    answerWith((request) => request.answer(body, { headers: { "Content-Type": type } }));
    const { error } = await outcome(mizanFetch(user));
    assert.equal(error.status, 0);
    assert.match(error.message, new RegExp(`Content-Type: ${type}`));
    assert.equal(asked(), 1);
  });
}

test("a request that does not arrive, and an answer that breaks off, are tried again", async () => {
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"n": '));
      controller.error(new TypeError("terminated"));
    },
  });
  const answers = [
    (request) => request.cut(),
    (request) => request.resolve(new Response(broken)),
    (request) => request.answer({ n: 1 }),
  ];
  answerWith((request) => answers.shift()(request));
  const fetched = mizanFetch(user);
  await idle();
  await wait();
  await wait();
  assert.deepEqual(await fetched, { n: 1 });
});

/** The wait after an answer that asks for one. */
async function waitAfter(header, status = 503) {
  answerWith((request) =>
    asked() === 1
      ? request.problem(status, {}, { "Retry-After": header })
      : request.answer({ n: 1 }),
  );
  const fetched = mizanFetch(user);
  await idle();
  const delay = next();
  await wait();
  assert.deepEqual(await fetched, { n: 1 });
  return delay;
}

test("a server that says when is asked then and not before: in seconds, or as a date", async () => {
  const seconds = await waitAfter("7", 429);
  assert.ok(seconds >= 7000 && seconds <= 8000, String(seconds));
  user = `user${++count}`;
  const date = await waitAfter(new Date(Date.now() + 9000).toUTCString());
  assert.ok(date >= 8000 && date <= 10_000, String(date));
});

for (const header of ["soon", "-5", "Thu, 01 Jan 1970 00:00:00 GMT", "0", ""]) {
  test(`a Retry-After of "${header}" asks for no wait`, async () => {
    const delay = await waitAfter(header);
    assert.ok(delay <= 1000, String(delay));
  });
}

for (const header of ["61", "4294968", "1e99", "Infinity", "Fri, 31 Dec 9999 23:59:59 GMT"]) {
  test(`a Retry-After of "${header}" is more than anybody waits for`, async () => {
    answerWith((request) => request.problem(503, {}, { "Retry-After": header }));
    assert.equal((await outcome(mizanFetch(user))).error.status, 503);
    assert.equal(asked(), 1);
  });
}

test("while it waits to be tried again, the old value stays, and it is being fetched", async () => {
  const registration = registerContext(user);
  const stop = registration.subscribe(() => {});
  await idle();
  answerWith((request) => request.problem(503));
  invalidate([user]);
  await idle();
  for (let attempt = 1; attempt <= 3; attempt++) {
    const { data, error, status, isFetching, isStale } = registration.getSnapshot();
    assert.deepEqual(
      [data, error, status, isFetching, isStale],
      [{ version: 0 }, undefined, "success", true, true],
    );
    await wait();
  }
  const { data, error, status, isFetching } = registration.getSnapshot();
  assert.deepEqual([data, error.status, status, isFetching], [{ version: 0 }, 503, "error", false]);
  stop();
});

test("an invalidation does not wait for the next attempt", async () => {
  const registration = registerContext(user);
  const stop = registration.subscribe(() => {});
  answerWith((request) => request.problem(503));
  await idle();
  server.routes.clear();
  invalidate([user]);
  await idle();
  assert.deepEqual(registration.getSnapshot().data, { version: 0 });
  assert.equal(asked(), 2);
  stop();
});

test("what waits to be tried again and nobody wants any more is not", async () => {
  const stop = registerContext(user).subscribe(() => {});
  answerWith((request) => request.problem(503));
  await idle();
  stop();
  advance(60_000);
  await idle();
  assert.equal(asked(), 1);
  advance(300_000);
});

test("a call is never tried again", async () => {
  for (const answer of [
    (request) => request.problem(503, {}, { "Retry-After": "1" }),
    (request) => request.cut(),
    (request) => request.answer("<h1>504</h1>", { status: 504 }),
  ]) {
    server.onCall(answer);
    assert.ok((await outcome(mizanCall("rename"))).error);
    advance(60_000);
    await idle();
  }
  assert.equal(server.count("/api/mizan/call/"), 3);
});

test("a call that waits for what it changed waits for further attempts, too", async () => {
  const registration = registerContext(user);
  const stop = registration.subscribe(() => {});
  await idle();
  server.onCall((request) => {
    server.version = 1;
    answerWith((refetch) => (asked() < 4 ? refetch.cut() : refetch.answer({ version: 1 })));
    request.answer({ result: 1, invalidate: [user] });
  });
  let done = false;
  const call = mizanCall("rename", {}, { awaitRefetch: true }).then(() => {
    done = true;
  });
  await idle();
  assert.equal(done, false);
  await wait();
  assert.equal(done, false);
  await wait();
  await call;
  assert.deepEqual(registration.getSnapshot().data, { version: 1 });
  stop();
});

test("in the end nothing is left to wait for", async () => {
  advance(600_000);
  await idle();
  advance(600_000);
  assert.deepEqual([...timers], []);
});
