// The order of calls, and what is shown of them before the server's word is there.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { thrown } from "./clock.mjs";

const { openPage, pathOf } = await import("./page.mjs");
const { idle, outcome } = await import("./server.mjs");

let page;
/** The calls that have reached the server, and wait for their answers there. */
let calls;
let value;

beforeEach(async () => {
  page = await openPage();
  calls = [];
  value = { names: ["Ada"], other: { n: 1 } };
  thrown.length = 0;
  page.server.onCall((request) => calls.push(request));
  page.server.routes.set("/api/mizan/ctx/board/", (request) => request.answer(value));
});

/** A context that the page shows, with every snapshot that a listener has seen. */
async function show(context, params) {
  const registration = page.registerContext(context, params);
  const seen = [];
  registration.subscribe(() => seen.push(registration.getSnapshot()));
  await idle();
  seen.length = 0;
  return Object.assign(registration, { seen });
}

/** A patch that adds a name. */
const adding = (name) => ({
  context: "board",
  update: { names: (names) => [...names, name] },
});

const call = (args, options) => outcome(page.mizanCall("add", args, options));
const names = ({ getSnapshot }) => getSnapshot().data.names.join();
const order = () => calls.map(({ body }) => body.args.n);
const done = { result: 1, invalidate: [] };

test("calls of one scope are sent one after the other, those of others side by side", async () => {
  for (const [n, scope] of [
    [1, "a"],
    [2, "a"],
    [3, "b"],
    [4, undefined],
    [5, "a"],
    [6, undefined],
  ]) {
    call({ n }, { scope });
  }
  await idle();
  assert.deepEqual(order(), [1, 3, 4, 6]);
  calls[0].answer(done);
  await idle();
  assert.deepEqual(order(), [1, 3, 4, 6, 2]);
  calls[4].problem(422);
  await idle();
  assert.deepEqual(order(), [1, 3, 4, 6, 2, 5], "one that fails does not hold up the next");
  calls[5].cut();
  assert.equal(
    (await call({ n: 7 }, { scope: "a", signal: AbortSignal.abort() })).value,
    undefined,
  );
});

test("a scope may be any text", async () => {
  for (const scope of ["\n", "a\nb", "ä€😀", "\ud800", "__proto__", " ", 5]) {
    calls.length = 0;
    const both = [call({ n: 1 }, { scope }), call({ n: 2 }, { scope })];
    await idle();
    assert.deepEqual(order(), [1], JSON.stringify(scope));
    calls[0].answer(done);
    await idle();
    calls[1].answer(done);
    assert.deepEqual(await Promise.all(both), [{ value: 1 }, { value: 1 }]);
  }
});

test("a call that is aborted before its turn is not sent, invalidates nothing, and lets the next one go", async () => {
  const board = await show("board");
  const controller = new AbortController();
  const reason = new Error("no longer");
  const first = call({ n: 1 }, { scope: "a" });
  const second = call(
    { n: 2 },
    { scope: "a", signal: controller.signal, optimistic: [adding("2")] },
  );
  const third = call({ n: 3 }, { scope: "a" });
  await idle();
  assert.equal(names(board), "Ada,2");
  controller.abort(reason);
  assert.equal((await second).error, reason);
  assert.equal(names(board), "Ada");
  calls[0].answer(done);
  assert.deepEqual(await first, { value: 1 });
  await idle();
  assert.deepEqual(order(), [1, 3]);
  calls[1].answer(done);
  await third;
  assert.equal(page.fetched("board"), 1);
  assert.deepEqual(page.told("invalidate"), []);
});

test("what a call patches is shown at once, until the refetch has arrived, without the old value in between", async () => {
  const board = await show("board");
  const { other } = board.getSnapshot().data;
  const added = call({ n: 1 }, { optimistic: [adding("Bob")] });
  assert.equal(names(board), "Ada,Bob");
  assert.equal(board.getSnapshot().data.other, other, "what is not patched is the same");
  await idle();
  value = { names: ["Ada", "Bob (1)"], other: { n: 1 } };
  page.server.held = true;
  calls[0].answer({ result: 1, invalidate: ["board"] });
  await added;
  assert.equal(names(board), "Ada,Bob");
  page.server.release();
  await idle();
  assert.equal(names(board), "Ada,Bob (1)");
  const seen = board.seen.map(({ data }) => data.names.join());
  assert.deepEqual([...new Set(seen)], ["Ada,Bob", "Ada,Bob (1)"]);
  assert.equal(seen.indexOf("Ada,Bob (1)"), seen.length - 1);
});

test("calls that overlap are shown in their order, and each leaves with its own answer", async () => {
  const board = await show("board");
  const all = [1, 2, 3].map((n) => call({ n }, { optimistic: [adding(`${n}`)] }));
  assert.equal(names(board), "Ada,1,2,3");
  await idle();
  calls[1].problem(422);
  assert.equal((await all[1]).error.status, 422);
  assert.equal(names(board), "Ada,1,3", "one that fails takes its own with it");

  value = { names: ["Ada", "three"], other: {} };
  calls[2].answer({ result: 3, invalidate: ["board"] });
  await all[2];
  await idle();
  assert.equal(names(board), "Ada,three,1", "what the server has sent is below what is under way");

  value = { names: ["Ada", "three", "one"], other: {} };
  calls[0].answer({ result: 1, invalidate: ["board"] });
  await all[0];
  await idle();
  assert.equal(names(board), "Ada,three,one");
});

test("a patch leaves with its answer where the server says that nothing has changed", async () => {
  const board = await show("board");
  const added = call({ n: 1 }, { optimistic: [adding("Bob")] });
  await idle();
  calls[0].answer(done);
  await added;
  assert.equal(names(board), "Ada");
});

test("a patch leaves when its refetch has failed: the error stands beside the server's last word", async () => {
  const board = await show("board");
  const added = call({ n: 1 }, { optimistic: [adding("Bob")], awaitRefetch: true });
  await idle();
  page.server.routes.set("/api/mizan/ctx/board/", (request) => request.problem(500));
  calls[0].answer({ result: 1, invalidate: ["board"] });
  assert.deepEqual(await added, { value: 1 });
  assert.equal(names(board), "Ada");
  assert.equal(board.getSnapshot().error.status, 500);
});

test("a patch stays through a refetch that is none of its own", async () => {
  const board = await show("board");
  call({ n: 1 }, { optimistic: [adding("Bob")] });
  value = { names: ["Eve"], other: {} };
  page.invalidate(["board"]);
  await idle();
  assert.equal(names(board), "Eve,Bob");
  assert.deepEqual(
    [...new Set(board.seen.map(({ data }) => data.names.join()))],
    ["Ada,Bob", "Eve,Bob"],
  );
});

test("a patch that throws is reported once, and the others and the call go on", async () => {
  const board = await show("board");
  const error = new Error("mine");
  const bad = {
    context: "board",
    update: {
      names: () => {
        throw error;
      },
      other: ({ n }) => ({ n: n + 1 }),
    },
  };
  const first = call({ n: 1 }, { optimistic: [bad, adding("Bob")] });
  const second = call({ n: 2 }, { optimistic: [adding("Eve")] });
  assert.equal(names(board), "Ada,Bob,Eve");
  assert.deepEqual(board.getSnapshot().data.other, { n: 2 });
  page.invalidate(["board"]);
  await idle();
  assert.equal(names(board), "Ada,Bob,Eve");
  assert.deepEqual(board.getSnapshot().data.other, { n: 2 });
  for (const request of calls) {
    request.answer(done);
  }
  assert.deepEqual([await first, await second], [{ value: 1 }, { value: 1 }]);
  assert.deepEqual(thrown, [error]);
});

test("a patch that is none breaks nothing", async () => {
  const board = await show("board");
  const added = call(
    { n: 1 },
    {
      optimistic: [{ context: "board" }, { context: "board", update: { names: 5 } }, adding("Bob")],
    },
  );
  assert.equal(names(board), "Ada,Bob");
  await idle();
  calls[0].answer(done);
  assert.deepEqual(await added, { value: 1 });
  assert.equal(names(board), "Ada");
});

for (const context of ["", "no context", "__proto__", "*", undefined]) {
  test(`a patch of "${context}" is refused, and nothing is sent or shown`, async () => {
    const board = await show("board");
    const { error } = await call(
      { n: 1 },
      { optimistic: [adding("Bob"), { context, update: {} }] },
    );
    assert.ok(error instanceof page.InvalidKey, String(error));
    await idle();
    assert.deepEqual(calls, []);
    assert.equal(names(board), "Ada");
  });
}

test("what is not there is not patched, nor what every object has", async () => {
  const board = await show("board");
  const patch = (context, ...members) => {
    const update = Object.fromEntries(members.map((member) => [member, () => "patched"]));
    return { context, update };
  };
  const added = call(
    { n: 1 },
    { optimistic: [patch("board", "tags", "constructor", "__proto__"), patch("tags", "names")] },
  );
  assert.deepEqual(Object.keys(board.getSnapshot().data), ["names", "other"]);
  assert.equal(Object.getPrototypeOf(board.getSnapshot().data), Object.prototype);
  assert.equal(page.registerContext("tags").getSnapshot().data, undefined);
  await idle();
  calls[0].answer(done);
  await added;
});

test("a patch with params is shown where they are, and nowhere else", async () => {
  const five = await show("user", { user_id: 5 });
  const six = await show("user", { user_id: 6 });
  const before = six.getSnapshot();
  const update = { version: (version) => version + 1 };
  call({ n: 1 }, { optimistic: [{ context: "user", params: { user_id: 5 }, update }] });
  assert.deepEqual([five.getSnapshot().data, six.getSnapshot()], [{ version: 1 }, before]);
  assert.equal(six.seen.length, 0);
  call({ n: 2 }, { optimistic: [{ context: "user", update }] });
  assert.deepEqual(
    [five, six].map(({ getSnapshot }) => getSnapshot().data.version),
    [2, 1],
  );
});

test("who begins to look while a call is under way sees its patch, and it leaves", async () => {
  const added = call({ n: 1 }, { optimistic: [adding("Bob")] });
  await idle();
  const board = await show("board");
  assert.equal(names(board), "Ada,Bob");
  calls[0].problem(422);
  await added;
  assert.equal(names(board), "Ada");
});

test("a read resolves with what the server has said, not with what is patched", async () => {
  const board = await show("board");
  call({ n: 1 }, { optimistic: [adding("Bob")] });
  assert.deepEqual((await page.mizanFetch("board")).names, ["Ada"]);
  assert.deepEqual((await board.refetch()).names, ["Ada"]);
  assert.equal(names(board), "Ada,Bob");
});

test("whoever logs in sees no patch of the one before", async () => {
  const answerAs = (identity, names) =>
    page.server.routes.set("/api/mizan/ctx/board/", (request) =>
      request.answer({ names, other: {} }, { headers: { "X-Mizan-Identity": identity } }),
    );
  answerAs("a", ["Ada"]);
  const board = await show("board");
  const added = call({ n: 1 }, { optimistic: [adding("secret of a")] });
  assert.equal(names(board), "Ada,secret of a");
  answerAs("b", ["Bob"]);
  page.invalidate(["board"]);
  await idle();
  assert.equal(names(board), "Bob");
  const late = await show("board", {});
  assert.equal(names(late), "Bob");
  calls[0].problem(403);
  assert.equal((await added).error.status, 403);
  assert.equal(names(board), "Bob");
});

test("two patches of one call for one member are both shown, in their order", async () => {
  const board = await show("board");
  const added = call({ n: 1 }, { optimistic: [adding("1"), adding("2")] });
  assert.equal(names(board), "Ada,1,2");
  await idle();
  calls[0].problem(422);
  await added;
  assert.equal(names(board), "Ada");
  assert.equal(page.fetched("board"), 1);
});

test("a call may have more patches than numbers have digits", async () => {
  const board = await show("board");
  const optimistic = Array.from({ length: 300 }, (_, at) => adding(`${at}`));
  call({ n: 1 }, { optimistic });
  assert.equal(board.getSnapshot().data.names.length, 301);
  assert.equal(board.getSnapshot().data.names.at(-1), "299");
});

test("what a function that failed alone keeps is its own, not another key's, nor another person's", async () => {
  const answer = (key, body, identity) =>
    page.server.routes.set(pathOf(key).split("?")[0], (request) =>
      request.answer(request.path.endsWith("=5") ? body : { profile: "six" }, {
        headers: { "X-Mizan-Identity": identity },
      }),
    );
  answer("user", { profile: "five" }, "a");
  const five = await show("user", { user_id: 5 });
  await show("user", { user_id: 6 });
  const failed = { $errors: { profile: { status: 500 } } };
  answer("user", failed, "a");
  page.invalidate([{ context: "user", params: { user_id: 5 } }]);
  await idle();
  assert.deepEqual(five.getSnapshot().data, { ...failed, profile: "five" });

  answer("user", failed, "b");
  page.invalidate([{ context: "user", params: { user_id: 5 } }]);
  await idle();
  assert.deepEqual(
    five.getSnapshot().data,
    failed,
    "nothing of the one before, and of no other key",
  );
  for (const { data } of five.seen.slice(-1)) {
    assert.equal("profile" in data, false);
  }
});
