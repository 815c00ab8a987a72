// A machine that breaks down must not leave a page half dead: a new one takes its place.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { advance, next, thrown, timers } from "./clock.mjs";
import { isCall, isTrap, machines, refuseOnce, trapOnce, trapWhen } from "./trap.mjs";

const { openPage, pathOf } = await import("./page.mjs");
const { idle, outcome } = await import("./server.mjs");

let page;

beforeEach(async () => {
  trapWhen(undefined);
  timers.clear();
  thrown.length = 0;
  page = await openPage();
});

/** A context that the page shows, fetched, with every snapshot that a listener has seen. */
async function show(context, params, options) {
  const registration = page.registerContext(context, params, options);
  const seen = [];
  const stop = registration.subscribe(() => seen.push(registration.getSnapshot()));
  await idle();
  return Object.assign(registration, { seen, stop });
}

/** The new machine is there, and everything has happened that it wants. */
async function revived() {
  advance(1000);
  await idle();
}

const errors = () => page.told("error").map(({ error }) => error);

/** That is the one error of a breakdown. */
function assertBroken(count = 1) {
  assert.equal(errors().length, count);
  for (const error of errors()) {
    assert.match(error.message, /broken down/);
    assert.ok(isTrap(error.cause), String(error.cause));
  }
}

const state = ({ getSnapshot }) => {
  const { data, status, isFetching, isStale } = getSnapshot();
  return [data?.version, status, isFetching, isStale];
};

for (const [what, name, act] of [
  ["an invalidation", "invalidate", () => page.invalidate(["board"])],
  ["its input", "input", () => page.invalidate(["board"])],
  [
    "an invalidation of another tab",
    "tab_invalidated",
    () => page.hear({ list: ["board"], id: "1" }),
  ],
  ["the word of another login", "tab_identity", () => page.hear({ identity: "b" })],
  ["a page that is shown again", "visible", () => page.show(true)],
  ["a page that comes back", "restored", () => page.fire("pageshow", { persisted: true })],
  ["a network that is back", "online", () => page.fire("online")],
  ["a new subscriber", "subscribe", () => page.registerContext("tags").subscribe(() => {})],
  ["a subscriber who leaves", "unsubscribe", () => page.tags.stop()],
  ["a read", "read", () => page.mizanFetch("tags2")],
  ["a refetch", "refetch", () => page.tags.refetch()],
  ["a setting", "configure", () => [page.configure({ retries: 1 }), page.invalidate(["board"])]],
  ["a new context", "open", () => page.mizanFetch("tags3")],
  ["a key", "key", () => page.contextKey("board")],
  ["a header", "parse", () => page.parseInvalidateHeader("board")],
  ["an answer", "fetched", () => page.mizanFetch("tags4")],
  ["a call", "call", () => page.mizanCall("rename")],
  ["the answer to a call", "call_answered", () => page.mizanCall("rename")],
  ["a call without one", "call_lost", () => outcome(page.mizanCall("lost"))],
]) {
  test(`after a trap on ${what} the page goes on: one error, no flicker, and new values`, async () => {
    page.server.onCall((request) => {
      if (request.body.function === "lost") {
        request.cut();
      } else {
        request.answer({ result: 1, invalidate: ["board"] });
      }
    });
    const board = await show("board");
    const user = await show("user", { user_id: 5 });
    page.tags = await show("tags");
    page.server.version = 1;
    board.seen.length = 0;
    user.seen.length = 0;
    const before = machines;
    trapOnce(name);
    const done = act();
    await idle();
    assertBroken();
    assert.deepEqual(
      [board.getSnapshot().status, user.getSnapshot().status],
      ["success", "success"],
    );
    await revived();
    await done;
    assert.equal(machines, before + 1);
    assert.deepEqual(state(board), [1, "success", false, false]);
    assert.deepEqual(state(user), [1, "success", false, false]);
    for (const { seen } of [board, user]) {
      assert.ok(seen.every(({ data, status }) => data && status === "success"));
      const versions = seen.map(({ data }) => data.version);
      assert.deepEqual(versions, [...versions].sort());
    }
    // Listeners are there, each once, and leave.
    board.seen.length = 0;
    page.server.version = 2;
    page.invalidate(["board"]);
    await idle();
    assert.deepEqual(state(board), [2, "success", false, false]);
    assert.equal(board.seen.filter(({ data }) => data.version === 2).length, 1);
    board.stop();
    page.invalidate(["board"]);
    await idle();
    assert.equal(state(board)[2], false, "nobody wants it any more");
    assertBroken();
    assert.deepEqual(thrown, []);
  });
}

test("a trap in the very first call is no worse than a later one", async () => {
  for (const name of ["input", "key", "open", "subscribe", "configure", "cookie", "hydrated"]) {
    page = await openPage({
      cookie: "mizan_inv_a1=tags",
      data: { contexts: [{ context: "user", data: { version: 0 } }] },
    });
    trapOnce(name);
    const board = await show("board");
    await revived();
    assert.deepEqual(state(board), [0, "success", false, false], name);
    assertBroken();
    assert.equal(
      page.fetched("board"),
      1 + page.told("fetch").filter(({ key }) => key === "board").length - 1,
    );
    board.stop();
  }
});

test("reads that wait are settled by the next machine", async () => {
  page.server.held = true;
  const reads = [page.mizanFetch("board"), page.mizanFetch("board"), page.mizanFetch("user")];
  const controller = new AbortController();
  const given = outcome(page.mizanFetch("tags", null, { signal: controller.signal }));
  await idle();
  trapOnce("invalidate");
  page.invalidate(["*"]);
  const late = page.mizanFetch("late");
  controller.abort(new Error("enough"));
  assert.match(String((await given).error), /enough/);
  page.server.version = 3;
  page.server.release();
  await idle();
  await revived();
  for (const value of await Promise.all([...reads, late])) {
    assert.deepEqual(value, { version: 3 });
  }
  assert.equal(page.fetched("board"), 2);
  assert.equal(page.fetched("tags"), 1);
});

test("a read that is settled while the machine is broken is not answered by a value of before", async () => {
  await show("board");
  trapOnce("invalidate");
  page.invalidate(["board"]);
  page.server.version = 1;
  const read = page.mizanFetch("board");
  await idle();
  await revived();
  assert.deepEqual(await read, { version: 1 });
});

test("calls under way have their results and are sent once, and those that wait for their turn have it", async () => {
  const calls = [];
  page.server.onCall((request) => calls.push(request));
  const order = () => calls.map(({ body }) => body.args.n);
  const board = await show("board");
  const call = (n, options) => outcome(page.mizanCall("add", { n }, options));
  const all = [
    call(1, { scope: "a" }),
    call(2, { scope: "a", awaitRefetch: true }),
    call(3, { awaitRefetch: true }),
    call(4, { scope: "a" }),
  ];
  await idle();
  assert.deepEqual(order(), [1, 3]);
  trapOnce("invalidate");
  page.invalidate(["tags"]);
  all.push(call(5, { scope: "a" }), call(6));
  await revived();
  assert.deepEqual(order(), [1, 3, 6]);
  for (const [at, n] of [2, 4, 5].entries()) {
    calls
      .find(({ body }) => body.args.n === [1, 2, 4][at])
      .answer({ result: n, invalidate: ["board"] });
    await idle();
    assert.equal(order().at(-1), n);
  }
  for (const request of calls) {
    request.answer({ result: 0, invalidate: [] });
  }
  await idle();
  assert.deepEqual(
    (await Promise.all(all)).map(({ value }) => value),
    [2, 4, 0, 5, 0, 0],
  );
  assert.deepEqual([...order()].sort(), [1, 2, 3, 4, 5, 6]);
  assert.equal(state(board)[3], false);
});

test("the answers to calls that nobody heard of are not lost: their callers have them", async () => {
  const calls = [];
  page.server.onCall((request) => calls.push(request));
  await show("board");
  const call = (options) => outcome(page.mizanCall("add", {}, options));
  const all = [call({ awaitRefetch: true }), call({ scope: "a" }), call({ scope: "a" }), call()];
  await idle();
  trapOnce("call_answered");
  calls[0].answer({ result: 1, invalidate: ["board"] });
  await idle();
  calls[1].answer({ result: 2, invalidate: [] });
  calls[2].cut();
  await idle();
  await revived();
  assert.equal(calls.length, 4, "the next one of the scope");
  calls[3].answer({ result: 4, invalidate: [] });
  const results = await Promise.all(all);
  assert.deepEqual(
    results.map(({ value }) => value),
    [1, 2, 4, undefined],
  );
  assert.equal(results[3].error.status, 0);
});

test("a call that waits for refetches is settled", async () => {
  await show("board");
  page.server.onCall((request) => {
    page.server.held = true;
    request.answer({ result: 1, invalidate: ["board"] });
  });
  let done = false;
  const call = page.mizanCall("add", {}, { awaitRefetch: true }).then(() => {
    done = true;
  });
  await idle();
  assert.equal(done, false);
  trapOnce("invalidate");
  page.invalidate(["board"]);
  await revived();
  await call;
});

test("an aborted call that waits for its turn is not sent by the next machine", async () => {
  const calls = [];
  page.server.onCall((request) => calls.push(request));
  const controller = new AbortController();
  const first = outcome(page.mizanCall("add", {}, { scope: "a" }));
  const second = outcome(page.mizanCall("add", {}, { scope: "a", signal: controller.signal }));
  await idle();
  trapOnce("invalidate");
  page.invalidate(["board"]);
  controller.abort(new Error("enough"));
  assert.match(String((await second).error), /enough/);
  await revived();
  calls[0].answer({ result: 1, invalidate: [] });
  await idle();
  assert.deepEqual(await first, { value: 1 });
  assert.equal(calls.length, 1);
});

test("patches stay: of calls under way, and of those that have succeeded until their refetch is there", async () => {
  const calls = [];
  page.server.onCall((request) => calls.push(request));
  let names = "Ada";
  page.server.routes.set(pathOf("board"), (request) => request.answer({ names }));
  const board = await show("board");
  const adding = (name) => ({ context: "board", update: { names: (old) => `${old},${name}` } });
  const add = (name) => outcome(page.mizanCall("add", {}, { optimistic: [adding(name)] }));
  const all = ["1", "2", "3", "4"].map(add);
  await idle();
  board.seen.length = 0;
  page.server.held = true;
  calls[0].answer({ result: 1, invalidate: ["board"] });
  await all[0];
  trapOnce("call_answered");
  calls[1].answer({ result: 2, invalidate: ["board"] });
  await idle();
  calls[2].problem(422);
  await idle();
  await revived();
  assert.equal(board.getSnapshot().data.names, "Ada,1,2,4");
  names = "Ada,one,two";
  page.server.release();
  await idle();
  assert.equal(board.getSnapshot().data.names, "Ada,one,two,4");
  calls[3].problem(422);
  await Promise.all(all);
  assert.equal(board.getSnapshot().data.names, "Ada,one,two");
  const seen = [...new Set(board.seen.map(({ data }) => data.names))];
  assert.deepEqual(seen, ["Ada,1,2,3,4", "Ada,1,2,4", "Ada,one,two,4", "Ada,one,two"]);
});

test("what the broken machine would have waited for, the next one does", async () => {
  const board = await show("board", null, { refetchInterval: 10_000, gcTime: 0 });
  trapOnce("tick");
  advance(10_000);
  assertBroken();
  await revived();
  assert.equal(page.fetched("board"), 2);
  advance(10_000);
  await idle();
  assert.equal(page.fetched("board"), 3);
  board.stop();
  advance(next());
  assert.equal(board.getSnapshot().status, "pending");
  assert.deepEqual([...timers], []);
});

test("the next machine knows that the page is hidden, or has no network", async () => {
  const board = await show("board", null, { refetchInterval: 10_000 });
  page.show(false);
  page.fire("offline");
  trapOnce("invalidate");
  page.invalidate(["board"]);
  await revived();
  assert.equal(page.fetched("board"), 1);
  assert.deepEqual(state(board), [0, "success", true, true]);
  page.fire("online");
  await idle();
  assert.equal(page.fetched("board"), 2);
  advance(20_000);
  await idle();
  assert.equal(page.fetched("board"), 2, "an interval waits for somebody who looks");
});

/** Contexts are answered as whoever is logged in. */
function logIn(identity) {
  for (const key of ["board", "user", "tags"]) {
    page.server.routes.set(pathOf(key), (request) =>
      request.answer({ version: identity }, { headers: { "X-Mizan-Identity": identity } }),
    );
  }
}

for (const times of [1, 2, 5]) {
  test(`no value of another person is kept when ${times} answers trap that name somebody else`, async () => {
    logIn("a");
    const board = await show("board");
    const user = await show("user");
    logIn("b");
    let left = times;
    trapWhen((...call) => isCall("fetched")(...call) && left-- > 0);
    page.invalidate(["board"]);
    await idle();
    // Whatever does not arrive now must not be shown as it was.
    page.server.routes.set(pathOf("user"), (request) => request.problem(500));
    for (let round = 0; round <= times; round++) {
      await revived();
    }
    assert.deepEqual(state(board), ["b", "success", false, false]);
    assert.deepEqual([user.getSnapshot().data, user.getSnapshot().status], [undefined, "error"]);
    assert.equal(page.told("identity").length, 1);
  });
}

test("what was patched for one person is not shown to another by the next machine", async () => {
  logIn("a");
  page.server.onCall(() => {});
  const board = await show("board");
  const update = { version: (version) => `${version}'s secret` };
  page.mizanCall("add", {}, { optimistic: [{ context: "board", update }] });
  assert.equal(state(board)[0], "a's secret");
  logIn("b");
  page.invalidate(["board"]);
  await idle();
  assert.equal(state(board)[0], "b");
  trapOnce("invalidate");
  page.invalidate(["board"]);
  await revived();
  assert.equal(state(board)[0], "b");
});

test("an invalidation that the machine breaks on reaches the other tabs: as one of everything", async () => {
  const board = await show("board");
  page.server.onCall((request) => request.answer({ result: 1, invalidate: ["board"] }));
  page.server.routes.set("/form/", (request) =>
    request.answer({}, { headers: { "X-Mizan-Invalidate": "board" } }),
  );
  for (const [name, act] of [
    ["invalidate", () => page.invalidate(["board"])],
    ["call_answered", () => page.mizanCall("rename")],
    ["seen", () => fetch("/form/", { method: "POST" })],
  ]) {
    page.posts.length = 0;
    trapOnce(name);
    const done = act();
    await idle();
    assert.deepEqual(
      page.posts.map(({ list }) => list),
      [["*"]],
      name,
    );
    page.invalidate(["tags"]);
    assert.deepEqual(
      page.posts.map(({ list }) => list),
      [["*"], ["*"]],
      "nor while it is broken",
    );
    await revived();
    await done;
  }
  for (const [name, act] of [
    ["tab_invalidated", () => page.hear({ list: ["board"], id: "x" })],
    ["fetched", () => board.refetch()],
  ]) {
    page.posts.length = 0;
    trapOnce(name);
    act();
    await idle();
    await revived();
    assert.deepEqual(
      page.posts,
      [],
      "what is no news is not told: an answer that always traps would not end",
    );
  }
});

test("a trap while the next machine is told is followed by another one", async () => {
  const board = await show("board");
  const user = await show("user");
  const read = page.mizanFetch("tags");
  page.server.version = 1;
  for (const name of ["open", "input", "subscribe", "configure"]) {
    trapOnce("invalidate");
    page.invalidate(["board"]);
    trapOnce(name);
    await revived();
    // What is opened meanwhile must not be taken for what the page shows.
    const other = await show(`other${name}`);
    assert.equal(state(other)[1], "pending");
    await revived();
    assert.deepEqual(state(board), [1, "success", false, false]);
    assert.deepEqual(state(user), [1, "success", false, false]);
    assert.deepEqual(state(other), [1, "success", false, false]);
    other.stop();
  }
  assertBroken(8);
  await read;
});

test("a machine that cannot be made is made later", async () => {
  const board = await show("board");
  trapOnce("invalidate");
  page.invalidate(["board"]);
  refuseOnce();
  await revived();
  assert.deepEqual([state(board)[1], errors().length], ["success", 2]);
  await revived();
  assert.deepEqual(state(board), [0, "success", false, false]);
  assert.equal(page.fetched("board"), 2);
});

test("a cookie that always traps holds the page up only as long as it is there", async () => {
  const board = await show("board");
  trapWhen(isCall("cookie"));
  page.cookie = "mizan_inv_a1=board";
  page.fire("pageshow", { persisted: false });
  page.server.version = 1;
  for (let round = 0; round < 3; round++) {
    await revived();
    assert.deepEqual([board.getSnapshot().status, page.fetched("board")], ["success", 1]);
  }
  page.cookie = "";
  await revived();
  assert.deepEqual(state(board), [1, "success", false, false]);
});

test("an answer that always traps is not asked for more than once a second", async () => {
  await show("board");
  trapWhen(isCall("fetched"));
  page.invalidate(["board"]);
  await idle();
  for (let round = 0; round < 10; round++) {
    advance(999);
    await idle();
    assert.equal(page.fetched("board"), 2 + round);
    advance(1);
    await idle();
  }
  assert.equal(page.fetched("board"), 12);
});

test("a refetch that nobody subscribed to ends", async () => {
  trapOnce("refetch");
  const refetched = page.registerContext("board").refetch();
  await revived();
  assert.deepEqual(await refetched, { version: 0 });
});

test("an answer that the broken machine asked for is not taken for one that the next one has asked for", async () => {
  page.server.held = true;
  const board = await show("board");
  const [old] = page.server.waiting;
  // A transport may not know how to give up.
  old.reject = () => {};
  trapOnce("invalidate");
  page.invalidate(["board"]);
  await revived();
  assert.equal(page.server.waiting.length, 2);
  assert.ok(old.aborted);
  page.server.version = 1;
  page.server.release();
  await idle();
  assert.deepEqual(state(board), [1, "success", false, false]);
});

test("what the broken machine has still said is not shown in what is opened meanwhile", async () => {
  const board = await show("board");
  page.configure({ schema: "1" });
  page.server.routes.set(pathOf("board"), (request) =>
    request.answer({ version: "board" }, { headers: { "X-Mizan-Schema": "2" } }),
  );
  let tags;
  page.configure({
    onEvent: ({ type }) => {
      if (type === "outdated" && !tags) {
        trapOnce("invalidate");
        page.invalidate(["user"]);
        tags = page.registerContext("tags");
        tags.subscribe(() => {});
      }
    },
  });
  page.server.held = true;
  page.invalidate(["board"]);
  await idle();
  page.server.handle(page.server.waiting.shift());
  await idle();
  assert.equal(state(board)[0], "board");
  assert.deepEqual(state(tags), [undefined, "pending", false, true]);
  page.server.release();
  await revived();
  assert.deepEqual([state(board)[0], state(tags)[0]], ["board", 0]);
});

test("the next machine knows who is logged in, by answers alone", async () => {
  logIn("a");
  const board = await show("board");
  page.server.onCall((request) => request.answer({ result: 1, invalidate: [] }));
  page.cookie = "mizan_inv_c=board";
  page.fire("pageshow", { persisted: false });
  await idle();
  await page.mizanCall("add", {}, { scope: "b" });
  board.seen.length = 0;
  trapOnce("invalidate");
  page.invalidate(["board"]);
  await revived();
  assert.deepEqual(page.told("identity"), []);
  assert.ok(board.seen.every(({ data }) => data.version === "a"));
});

test("whoever leaves or comes while there is no machine is known to the next one", async () => {
  const board = await show("board");
  const user = await show("user");
  trapOnce("invalidate");
  page.invalidate(["board"]);
  board.stop();
  const tags = page.registerContext("tags");
  const stop = tags.subscribe(() => {});
  const leave = page.registerContext("gone").subscribe(() => {});
  leave();
  await revived();
  assert.equal(board.getSnapshot().status, "pending", "nobody wants it");
  assert.deepEqual([state(user)[3], tags.getSnapshot().data], [false, { version: 0 }]);
  assert.deepEqual(["board", "user", "tags", "gone"].map(page.fetched), [1, 2, 1, 0]);
  stop();
  user.stop();
  advance(300_000);
  assert.equal(tags.getSnapshot().status, "pending");
  assert.deepEqual([...timers], []);
});

test("listeners may do what they like while the next machine begins", async () => {
  // In this order the next machine hears of them.
  const user = await show("user");
  const board = await show("board");
  const tags = await show("tags");
  let stop = () => {};
  user.subscribe(() => {
    board.stop();
    stop();
    stop = tags.subscribe(() => {});
    page.configure({ retries: 2 });
  });
  await idle();
  tags.seen.length = 0;
  trapOnce("invalidate");
  page.invalidate(["board"]);
  page.configure({ onEvent: () => page.registerContext("more").subscribe(() => {}) });
  await revived();
  assert.equal(user.getSnapshot().isStale, false);
  assert.deepEqual(tags.getSnapshot().data, { version: 0 });
  stop();
  tags.stop();
  user.release();
  page.invalidate(["tags"]);
  assert.equal(tags.getSnapshot().isFetching, false, "it was subscribed once, and left once");
  assert.deepEqual(thrown, []);
});

test("three hundred traps in a row do not break it", async () => {
  const board = await show("board");
  for (let round = 1; round <= 300; round++) {
    page.server.version = round;
    trapOnce("invalidate");
    page.invalidate(["board"]);
    await revived();
    assert.deepEqual(state(board), [round, "success", false, false]);
  }
  assertBroken(300);
  board.stop();
  advance(300_000);
  assert.deepEqual([...timers], []);
});

test("a key that always traps is an error that says so", async () => {
  const board = await show("board");
  trapWhen(isCall("key"));
  assert.throws(() => page.contextKey("tags"), /broken down/);
  trapWhen(undefined);
  await revived();
  assert.deepEqual(state(board), [0, "success", false, false]);
});
