// A page that is hidden, a page without a network, and what is to be fetched or let go of at its time.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { advance, next, timers } from "./clock.mjs";

const { openPage } = await import("./page.mjs");
const { idle } = await import("./server.mjs");

let page;

beforeEach(async () => {
  timers.clear();
  page = await openPage();
});

/** What waits when the appointments are over that nobody keeps: they are not taken off one by one. */
function waiting() {
  advance(300_000);
  return [...timers];
}

/** A context that the page shows, fetched. */
async function show(context, options) {
  const registration = page.registerContext(context, null, options);
  registration.subscribe(() => {});
  await idle();
  return registration;
}

test("without a network nothing is sent, and when it is back each context is asked for once", async () => {
  const board = await show("board");
  page.fire("offline");
  page.invalidate(["board"]);
  const user = await show("user");
  const read = page.mizanFetch("tags");
  await idle();
  assert.equal(page.server.requests.length, 1);
  assert.equal(user.getSnapshot().isFetching, true, "it waits for a network");
  const { data, isStale, isFetching } = board.getSnapshot();
  assert.deepEqual([data, isStale, isFetching], [{ version: 0 }, true, true]);

  page.server.version = 1;
  page.fire("online");
  page.fire("online");
  await idle();
  assert.deepEqual(["board", "user", "tags"].map(page.fetched), [2, 1, 1]);
  assert.deepEqual(await read, { version: 1 });
  for (const registration of [board, user]) {
    assert.deepEqual(registration.getSnapshot().data, { version: 1 });
    assert.equal(registration.getSnapshot().isStale, false);
  }
});

test("a failure for want of a network is tried again when it is back, not before", async () => {
  page.configure({ retries: 3 });
  const registration = page.registerContext("board");
  registration.subscribe(() => {});
  page.server.routes.set("/api/mizan/ctx/board/", (request) => request.cut());
  await idle();
  page.fire("offline");
  advance(next());
  await idle();
  assert.equal(page.fetched("board"), 1);
  assert.deepEqual([...timers], [], "nothing to wait for but the network");
  page.server.routes.clear();
  page.fire("online");
  await idle();
  assert.equal(page.fetched("board"), 2);
  assert.equal(registration.getSnapshot().status, "success");
});

test("what was under way when the network went is not asked for twice", async () => {
  page.server.held = true;
  await show("board");
  page.fire("offline");
  page.fire("online");
  page.server.release();
  await idle();
  assert.equal(page.fetched("board"), 1);
});

test("calls are sent whether there is a network or not: only the browser knows", async () => {
  page.fire("offline");
  page.server.onCall((request) => request.answer({ result: 1, invalidate: [] }));
  assert.equal(await page.mizanCall("rename"), 1);
});

test("a value that is younger than its staleTime is not fetched because somebody looks again", async () => {
  await show("board", { staleTime: 60_000 });
  await show("user");
  await show("tags", { staleTime: Number.POSITIVE_INFINITY });
  const looks = async () => {
    page.show(false);
    page.show(true);
    await idle();
    return ["board", "user", "tags"].map(page.fetched);
  };
  assert.deepEqual(await looks(), [1, 2, 1]);
  advance(59_999);
  assert.deepEqual(await looks(), [1, 3, 1]);
  advance(1);
  assert.deepEqual(await looks(), [2, 4, 1]);
  advance(30 * 24 * 3600 * 1000);
  assert.deepEqual(await looks(), [3, 5, 1]);
});

test("of several staleTimes for one context the shortest counts, as long as its owner is there", async () => {
  await show("board", { staleTime: 60_000 });
  const short = await show("board", { staleTime: 1000 });
  advance(2000);
  page.show(true);
  await idle();
  assert.equal(page.fetched("board"), 2);
  short.release();
  advance(2000);
  page.show(true);
  await idle();
  assert.equal(page.fetched("board"), 2);
});

test("an invalidation knows no staleTime", async () => {
  await show("board", { staleTime: Number.POSITIVE_INFINITY });
  page.invalidate(["board"]);
  await idle();
  assert.equal(page.fetched("board"), 2);
});

test("a refetchInterval fetches at its time, and not while nobody can see it", async () => {
  await show("board", { refetchInterval: 10_000, staleTime: Number.POSITIVE_INFINITY });
  assert.equal(next(), 10_000);
  for (const count of [2, 3]) {
    advance(9999);
    await idle();
    assert.equal(page.fetched("board"), count - 1);
    advance(1);
    await idle();
    assert.equal(page.fetched("board"), count);
  }
  page.show(false);
  advance(100_000);
  await idle();
  assert.equal(page.fetched("board"), 3);
  assert.deepEqual([...timers], [], "a hidden page waits for nothing");
  page.show(true);
  advance(0);
  await idle();
  assert.equal(page.fetched("board"), 4, "its time has passed meanwhile");
  page.fire("offline");
  advance(100_000);
  await idle();
  assert.equal(page.fetched("board"), 4);
});

test("a failure does not end an interval", async () => {
  const board = await show("board", { refetchInterval: 10_000 });
  page.server.routes.set("/api/mizan/ctx/board/", (request) => request.problem(500));
  advance(10_000);
  await idle();
  assert.equal(board.getSnapshot().status, "error");
  page.server.routes.clear();
  advance(10_000);
  await idle();
  assert.equal(board.getSnapshot().status, "success");
});

for (const refetchInterval of [0, Number.POSITIVE_INFINITY]) {
  test(`with a refetchInterval of ${refetchInterval} nothing waits`, async () => {
    await show("board", { refetchInterval });
    assert.deepEqual(waiting(), []);
    await idle();
    assert.equal(page.fetched("board"), 1);
  });
}

test("a context with a gcTime of 0 is forgotten at once when the last has left", async () => {
  const board = await show("board", { gcTime: 0 });
  board.release();
  assert.equal(next(), 0);
  advance(0);
  assert.equal(board.getSnapshot().status, "pending");
  assert.deepEqual([...timers], []);
});

test("a component that moves within a turn keeps a context with a gcTime of 0", async () => {
  const board = await show("board", { gcTime: 0 });
  const before = board.getSnapshot();
  board.release();
  board.subscribe(() => {});
  advance(0);
  await idle();
  assert.equal(board.getSnapshot(), before);
  assert.equal(page.fetched("board"), 1);
});

test("a context with an infinite gcTime stays, and nothing waits for it", async () => {
  const board = await show("board", { gcTime: Number.POSITIVE_INFINITY });
  board.release();
  assert.deepEqual(waiting(), []);
  advance(2 ** 45);
  assert.deepEqual(board.getSnapshot().data, { version: 0 });
  assert.deepEqual(await page.mizanFetch("board"), { version: 0 });
  assert.equal(page.fetched("board"), 1);
});

test("a time that no timer can wait is waited for all the same", async () => {
  const days = 24 * 3600 * 1000;
  const board = await show("board", { gcTime: 40 * days });
  board.release();
  for (let day = 0; day < 39; day++) {
    assert.ok([...timers.values()].every(({ delay }) => delay <= 0x7fff_ffff));
    advance(days);
  }
  assert.equal(board.getSnapshot().status, "success");
  advance(days);
  assert.equal(board.getSnapshot().status, "pending");
});

test("of several gcTimes for one context the longest counts", async () => {
  const long = await show("board", { gcTime: 60_000 });
  const short = await show("board", { gcTime: 0 });
  long.release();
  short.release();
  advance(59_999);
  assert.equal(long.getSnapshot().status, "success");
  advance(1);
  assert.equal(long.getSnapshot().status, "pending");
});

test("a page that shows what is fresh waits for nothing", async () => {
  await show("board");
  await show("user");
  assert.deepEqual(waiting(), []);
});
