// Why something was fetched: calls, what they invalidate, and what came of it.
import assert from "node:assert/strict";
import { PerformanceObserver } from "node:perf_hooks";
import { afterEach, beforeEach, test } from "node:test";
import { advance, next } from "./clock.mjs";
import { trapOnce } from "./trap.mjs";

const { openPage, pathOf } = await import("./page.mjs");
const { idle, outcome, Server } = await import("./server.mjs");
const { record, summarize } = await import("@mizan/runtime/devtools");
const mizan = await import("@mizan/runtime");

const { configure, inspect, invalidate, mizanCall, mizanFetch, observe, registerContext } = mizan;

// The devtools look at the runtime that they import; this is a page for that one.
const page = await openPage();
// In a page, this one leaves everything to the one that `openPage` has loaded.
const second = await import(`${import.meta.resolve("@mizan/runtime")}?second`);

let server;
let recording;
let stop;
let shown;
let number = 0;
let user;
let board;

beforeEach(() => {
  server = new Server();
  recording = { moments: [], arrivals: new Map() };
  shown = [];
  number++;
  [user, board] = [`user${number}`, `board${number}`];
  configure({ cache: true, fetch: server.fetch, onEvent: undefined, retries: 0, concurrency: 64 });
  begin();
});

afterEach(() => {
  stop();
  for (const registration of shown) {
    registration.release();
  }
});

function begin(options) {
  stop?.();
  stop = record(
    (newest) => {
      recording = newest;
    },
    { now: Date.now, timing: false, ...options },
  );
}

/** A context that the page shows, fetched and fresh. */
async function show(context, params, options) {
  const registration = registerContext(context, params, options);
  registration.subscribe(() => {});
  shown.push(registration);
  await idle();
  return registration;
}

const moments = (type) => recording.moments.filter((moment) => moment.type === type);
const fetches = () => moments("fetch").map(({ key, reason, outcome }) => [key, reason, outcome]);
const fetchesOf = (name) => fetches().filter(([key]) => key === name);

/** The moments as a tree, each by its name. */
function tree(parent) {
  return recording.moments
    .filter((moment) => moment.parent === parent)
    .map((moment) => [
      moment.name ?? moment.key ?? moment.reason ?? moment.message,
      ...tree(moment.id),
    ]);
}

/** Answers each call with what its args say, and what is fetched afterwards with something new. */
function serve() {
  server.onCall((request) => {
    const { list, changes = 1 } = request.body.args;
    server.version += changes;
    request.answer({ result: null, invalidate: list });
  });
}

test("a call is recorded with what it invalidated, and that with what was fetched because of it", async () => {
  await show(user, { user_id: 5 });
  await show(user, { user_id: 6 });
  await show(board);
  serve();
  const list = [{ context: user, params: { user_id: 5 } }, board];
  await mizanCall("rename", { list, name: "Ada" });
  await idle();
  assert.deepEqual(tree(), [
    [`${user}?user_id=5`],
    [`${user}?user_id=6`],
    [board],
    ["rename", ["rename", [`${user}?user_id=5`], [board]]],
  ]);
  const [call] = moments("call");
  assert.deepEqual(call.args, { list, name: "Ada" });
  assert.equal(call.status, 200);
  const [invalidation] = moments("invalidation");
  assert.deepEqual(invalidation.list, [{ context: user, params: { user_id: "5" } }, board]);
  assert.deepEqual(invalidation.refetched, [`${user}?user_id=5`, board]);
  assert.deepEqual(invalidation.waiting, []);
});

test("a call lasts until what it has changed is on the page, and each fetch as long as it takes", async () => {
  await show(user);
  await show(board);
  serve();
  server.held = true;
  const call = mizanCall("rename", { list: [user, board] });
  await idle();
  advance(100);
  server.release();
  server.held = true;
  await call;
  await idle();
  const answered = moments("call")[0];
  assert.deepEqual([answered.answered - answered.start, answered.end], [100, undefined]);
  advance(20);
  const [first, second] = server.waiting.splice(0);
  server.handle(first);
  await idle();
  assert.equal(moments("call")[0].end, undefined, "the board is still to come");
  advance(30);
  server.handle(second);
  await idle();
  const { start, end } = moments("call")[0];
  assert.equal(end - start, 150);
  const took = moments("fetch")
    .slice(-2)
    .map((fetch) => [fetch.key, fetch.end - fetch.start]);
  assert.deepEqual(took, [
    [user, 20],
    [board, 50],
  ]);
});

test("a call that invalidates nothing in use is over when it is answered", async () => {
  serve();
  await mizanCall("rename", { list: [user] });
  await mizanCall("touch", { list: [] });
  assert.ok(moments("call").every(({ end, answered }) => end === answered && end !== undefined));
  const [{ refetched, waiting }] = moments("invalidation");
  assert.deepEqual([refetched, waiting], [[], []]);
});

test("of calls that overlap, each has its own answer, in whichever order they come", async () => {
  await show(user);
  await show(board);
  serve();
  server.held = true;
  const calls = [
    mizanCall("rename", { list: [user] }),
    mizanCall("move", { list: [board] }),
    mizanCall("rename", { list: [] }),
  ];
  await idle();
  server.waiting.reverse();
  server.release();
  await Promise.all(calls);
  await idle();
  assert.deepEqual(tree().slice(2), [
    ["rename", ["rename", [user]]],
    ["move", ["move", [board]]],
    ["rename"],
  ]);
});

test("a fetch that another call overtakes is aborted, and both calls wait for the one that follows", async () => {
  await show(user);
  serve();
  server.routes.set(pathOf(user), () => {});
  await mizanCall("rename", { list: [user] });
  await idle();
  server.routes.delete(pathOf(user));
  server.held = true;
  const second = mizanCall("move", { list: [user] });
  await idle();
  server.handle(server.waiting.shift());
  await second;
  await idle();
  assert.deepEqual(fetchesOf(user).slice(1), [
    [user, "rename", "aborted"],
    [user, "move", undefined],
  ]);
  const ends = () => moments("call").map(({ end }) => end !== undefined);
  assert.deepEqual(ends(), [false, false]);
  server.release();
  await idle();
  assert.deepEqual(ends(), [true, true]);
  assert.deepEqual(fetchesOf(user).at(-1), [user, "move", "changed"]);
});

test("a refetch that brings the bytes that were known is wasted, and is counted", async () => {
  await show(user);
  await show(board);
  server.routes.set(pathOf(board), (request) => request.answer({ cards: [] }));
  invalidate([board]);
  await idle();
  begin();
  serve();
  await mizanCall("rename", { list: [user, board] });
  await idle();
  await mizanCall("touch", { list: [user], changes: 0 });
  await idle();
  invalidate([user]);
  await idle();
  assert.deepEqual(fetches(), [
    [user, "rename", "changed"],
    [board, "rename", "same"],
    [user, "touch", "same"],
    [user, "invalidate()", "same"],
  ]);
  assert.deepEqual(summarize(recording.moments), [
    { reason: "rename", isMutation: true, calls: 1, refetches: 2, wasted: 1 },
    { reason: "touch", isMutation: true, calls: 1, refetches: 1, wasted: 1 },
    { reason: "invalidate()", isMutation: false, calls: 0, refetches: 1, wasted: 1 },
  ]);
});

test("the members are named that have changed", async () => {
  const bodies = [
    { profile: { name: "Ada" }, tasks: [1] },
    { profile: { name: "Grace" }, tasks: [1] },
  ];
  server.routes.set(pathOf(user), (request) => request.answer(bodies.shift()));
  await show(user);
  invalidate([user]);
  await idle();
  assert.deepEqual(
    moments("fetch").map(({ members, size }) => [members, size]),
    [
      [["profile", "tasks"], 38],
      [["profile"], 40],
    ],
  );
});

test("what is not in use waits, and who comes then is told since when", async () => {
  const registration = await show(user);
  registration.release();
  serve();
  await mizanCall("rename", { list: [user] });
  await idle();
  const [{ refetched, waiting }] = moments("invalidation");
  assert.deepEqual([refetched, waiting], [[], [user]]);
  await show(user);
  assert.deepEqual(fetches(), [
    [user, "new subscriber", "changed"],
    [user, "new subscriber, outdated by rename", "changed"],
  ]);
});

test("a cookie of a redirect, another tab and a page that comes back are reasons, too", async () => {
  await show(user);
  page.cookie = `mizan_inv_r${number}=${user}`;
  page.fire("pageshow", { persisted: false });
  page.cookie = "";
  await idle();
  page.hear({ list: [user], id: `t${number}` });
  await idle();
  page.fire("pageshow", { persisted: true });
  await idle();
  assert.deepEqual(
    fetches().map(([, reason]) => reason),
    ["new subscriber", "a redirect", "another tab", "page restored"],
  );
});

test("without an invalidation, it is said who wanted it or what made it due", async () => {
  await mizanFetch(board);
  const registration = await show(user, null, { refetchInterval: 5000 });
  await registration.refetch();
  page.show(false);
  page.show(true);
  await idle();
  page.fire("offline");
  page.fire("online");
  await idle();
  advance(next());
  await idle();
  assert.deepEqual(
    fetches().map(([key, reason]) => [key, reason]),
    [
      [board, "read"],
      [user, "new subscriber"],
      [user, "refetch()"],
      [user, "page visible again"],
      [user, "online again"],
      [user, "interval"],
    ],
  );
});

test("a fetch that is tried again has the reason of the first, and its call waits for it", async () => {
  configure({ retries: 3 });
  await show(user);
  serve();
  server.routes.set(pathOf(user), (request) => request.problem(503));
  await mizanCall("rename", { list: [user] });
  await idle();
  assert.equal(moments("call")[0].end, undefined);
  server.routes.delete(pathOf(user));
  advance(next());
  await idle();
  assert.deepEqual(fetchesOf(user).slice(1), [
    [user, "rename", "failed"],
    [user, "tried again, outdated by rename", "changed"],
  ]);
  assert.notEqual(moments("call")[0].end, undefined);
  assert.equal(summarize(recording.moments)[0].refetches, 2);
});

test("what waits for its turn keeps its reason", async () => {
  configure({ concurrency: 1 });
  await show(user);
  await show(board);
  serve();
  await mizanCall("rename", { list: [user, board] });
  await idle();
  assert.deepEqual(tree().at(-1), ["rename", ["rename", [user], [board]]]);
});

test("only what an answer names is invalidated, not what a patch of its call was taken off", async () => {
  await show(user);
  await show(board);
  serve();
  const optimistic = [{ context: board, update: { version: () => 99 } }];
  await mizanCall("rename", { list: [user] }, { optimistic });
  await idle();
  assert.deepEqual(moments("invalidation")[0].refetched, [user]);
  assert.deepEqual(fetchesOf(user).at(-1), [user, "rename", "changed"]);
  assert.equal(fetchesOf(board).length, 1);
});

test("a call that was refused for its token and sent again is one call", async () => {
  await show(user);
  let refusals = 1;
  server.onCall((request) =>
    refusals-- > 0
      ? request.problem(403, { type: "urn:mizan:problem:csrf" })
      : request.answer({ result: 1, invalidate: [user] }),
  );
  await mizanCall("rename", {});
  await idle();
  assert.deepEqual(tree().slice(1), [["rename", ["rename", [user]]]]);
  assert.equal(moments("call")[0].status, 200);
});

test("a call that was refused has its status, one without an answer has none and outdates everything", async () => {
  await show(user);
  server.onCall((request) => request.problem(409));
  await outcome(mizanCall("rename"));
  server.onCall((request) => request.cut());
  await outcome(mizanCall("move"));
  server.onCall((request) => request.answer("<h1>502</h1>", { status: 502 }));
  server.onCall((request) => request.resolve(new Response("<h1>502</h1>", { status: 502 })));
  await outcome(mizanCall("drop"));
  await idle();
  assert.deepEqual(
    moments("call").map(({ name, status }) => [name, status]),
    [
      ["rename", 409],
      ["move", 0],
      ["drop", 502],
    ],
  );
  assert.deepEqual(
    moments("invalidation").map(({ reason, list }) => [reason, list]),
    [
      ["move", ["*"]],
      ["drop", ["*"]],
    ],
  );
});

test("an answer that breaks off in the middle is none", async () => {
  server.onCall((request) => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error("cut")) });
    request.resolve(new Response(body));
  });
  await outcome(mizanCall("rename"));
  assert.deepEqual(
    moments("call").map(({ status, end }) => [status, end !== undefined]),
    [[0, true]],
  );
});

test("a call that is given up before its turn is none, and does not disturb the one before it", async () => {
  await show(user);
  serve();
  server.held = true;
  const first = mizanCall("rename", { list: [user] }, { scope: "a" });
  const controller = new AbortController();
  const second = outcome(mizanCall("move", {}, { scope: "a", signal: controller.signal }));
  await idle();
  controller.abort();
  await second;
  server.release();
  await first;
  await idle();
  assert.deepEqual(tree().slice(1), [["rename", ["rename", [user]]]]);
});

test("where the function's name is part of the path, it is found there", async () => {
  configure({ endpoints: { call: "call/{name}/" } });
  server.routes.set("/api/mizan/call/rename/", (request) =>
    request.answer({ result: 1, invalidate: [] }),
  );
  await mizanCall("rename", { name: "Ada" });
  configure({ endpoints: {} });
  assert.deepEqual(
    moments("call").map(({ name, args }) => [name, args]),
    [["rename", { name: "Ada" }]],
  );
});

test("nothing of a token is recorded", async () => {
  configure({ token: () => "s3cret" });
  serve();
  await mizanCall("rename", { list: [] });
  await show(user);
  configure({ token: undefined });
  assert.equal(server.requests[0].headers.get("Authorization"), "Bearer s3cret");
  assert.doesNotMatch(JSON.stringify(recording.moments), /s3cret|Bearer|CSRF/i);
});

test("when somebody else is logged in, nothing is left of what the one before has sent", async () => {
  const answer = (identity) => (request) =>
    request.answer({ result: 1, invalidate: [] }, { headers: { "X-Mizan-Identity": identity } });
  server.onCall(answer(`ada${number}`));
  await mizanCall("rename", { name: "Ada" });
  server.onCall(answer(`grace${number}`));
  await mizanCall("log_in", { name: "Grace" });
  assert.equal(moments("identity").length > 0, true);
  assert.deepEqual(
    moments("call").map(({ args }) => args),
    [undefined, undefined],
  );
});

test("another login is the reason why everything is fetched again", async () => {
  const answer = (identity) => (request) =>
    request.answer(
      { result: 1, invalidate: [board] },
      { headers: { "X-Mizan-Identity": identity } },
    );
  server.onCall(answer(`ada${number}`));
  await mizanCall("log_in");
  await show(user);
  await show(board);
  begin();
  server.onCall(answer(`grace${number}`));
  await mizanCall("log_in");
  await idle();
  assert.deepEqual(fetches(), [
    [user, "another login", "changed"],
    [board, "another login", "changed"],
  ]);
});

test("a machine that breaks down while it is looked at is followed by another one that is, too", async (t) => {
  const registration = await show(user);
  trapOnce("invalidate");
  t.mock.method(console, "error", () => {});
  invalidate([user]);
  server.version++;
  advance(1000);
  await idle();
  assert.deepEqual(registration.getSnapshot().data, { version: 1 });
  assert.match(moments("error")[0].message, /broken down/);
  assert.equal(fetchesOf(user).at(-1)[2], "changed");
  begin();
  invalidate([user]);
  await idle();
  assert.deepEqual(fetches(), [[user, "invalidate()", "same"]]);
});

test("only so many moments are kept, the newest, and what came of a forgotten one is still recorded", async () => {
  begin({ limit: 5 });
  await show(user);
  serve();
  for (let times = 0; times < 20; times++) {
    await mizanCall("rename", { list: [user] });
    await idle();
    assert.ok(recording.moments.length <= 5);
  }
  const ids = recording.moments.map(({ id }) => id);
  assert.deepEqual(ids, [57, 58, 59, 60, 61]);
  assert.deepEqual(tree().at(-1), ["rename", ["rename", [user]]]);
  server.held = true;
  const call = mizanCall("slow", { list: [user] });
  await idle();
  for (let times = 0; times < 10; times++) {
    invalidate([board]);
  }
  server.release();
  await call;
  await idle();
  assert.deepEqual(fetchesOf(user).at(-1), [user, "slow", "changed"]);
});

test("a moment that changes is another object, and the others are the same", async () => {
  server.held = true;
  await show(user);
  const before = recording;
  assert.equal(before.moments[0].end, undefined);
  server.release();
  await idle();
  assert.equal(before.moments[0].end, undefined);
  assert.notEqual(recording.moments[0].end, undefined);
});

test("when a value arrived is known, until nobody wants it any more", async () => {
  const registration = await show(user, null, { gcTime: 1000 });
  assert.equal(recording.arrivals.get(user), Date.now());
  registration.release();
  advance(1000);
  assert.equal(recording.arrivals.has(user), false);
});

test("who is there before it begins is seen when it changes", async () => {
  stop();
  server.held = true;
  await show(user);
  begin();
  server.release();
  await idle();
  assert.deepEqual(fetches(), []);
  assert.equal(recording.arrivals.get(user), Date.now());
  invalidate([user]);
  await idle();
  assert.deepEqual(fetches(), [[user, "invalidate()", "same"]]);
});

test("the performance tools of the browser get each call and fetch, and nothing piles up", async () => {
  const measures = [];
  const observer = new PerformanceObserver((list) => measures.push(...list.getEntries()));
  observer.observe({ type: "measure" });
  // They come in the order of their beginnings.
  let now = 0;
  begin({ timing: true, now: () => ++now });
  await show(user, { user_id: 5 });
  serve();
  await mizanCall("rename", { list: [user] });
  await idle();
  observer.disconnect();
  assert.deepEqual(
    measures.map(({ name, detail: { devtools } }) => [name, devtools.trackGroup, devtools.track]),
    [
      [`mizan fetch ${user}?user_id=5`, "Mizan", "Fetches"],
      ["mizan call rename", "Mizan", "Calls"],
      [`mizan fetch ${user}?user_id=5`, "Mizan", "Fetches"],
    ],
  );
  assert.deepEqual(measures[2].detail.devtools.properties, [
    ["cause", "rename"],
    ["outcome", "changed"],
    ["changed", "version"],
  ]);
  assert.deepEqual(performance.getEntriesByType("measure"), []);
});

test("what the page sets later is used, and its listener hears what it would have heard", async () => {
  const heard = [];
  const other = new Server();
  configure({ fetch: other.fetch, onEvent: ({ type }) => heard.push(type) });
  await show(user);
  assert.deepEqual([other.requests.length, server.requests.length], [1, 0]);
  assert.deepEqual(heard, ["fetch", "settle"]);
  assert.equal(fetchesOf(user).length, 1);
});

test("an error that the page does not listen for is recorded, and goes to the console as it did", async (t) => {
  const { mock } = t.mock.method(console, "error", () => {});
  page.cookie = `mizan_inv_e${number}=;`;
  page.fire("pageshow", { persisted: false });
  page.cookie = "";
  assert.deepEqual(
    moments("error").map(({ message }) => message),
    ["Cannot read X-Mizan-Invalidate at index 0"],
  );
  assert.equal(mock.callCount(), 1);
  configure({ onEvent: () => {} });
  page.cookie = `mizan_inv_f${number}=;`;
  page.fire("pageshow", { persisted: false });
  page.cookie = "";
  assert.equal(moments("error").length, 2);
  assert.equal(mock.callCount(), 1);
});

test("an invalidation that the page's own listener makes has its own reason", async () => {
  await show(user);
  await show(board);
  configure({
    onEvent: ({ type, source }) => {
      if (type === "invalidate" && source === "call") {
        invalidate([board]);
      }
    },
  });
  serve();
  await mizanCall("rename", { list: [user] });
  await idle();
  assert.deepEqual(tree().slice(2), [
    ["rename", ["rename", [user]]],
    ["invalidate()", [board]],
  ]);
});

test("several may look on, and when the last has stopped, everything is as it was", async () => {
  const heard = { first: [], second: [] };
  const first = observe(({ type }) => heard.first.push(type));
  const second = observe(({ type }) => {
    heard.second.push(type);
    throw new Error("its own fault");
  });
  invalidate([user]);
  first();
  first();
  invalidate([user]);
  second();
  assert.deepEqual(heard, { first: ["invalidate"], second: ["invalidate", "invalidate"] });
  stop();
  const before = recording;
  serve();
  await show(user);
  let answer;
  server.onCall((request) => {
    answer = new Response('{"result": 1, "invalidate": []}');
    request.resolve(answer);
  });
  assert.equal(await mizanCall("rename"), 1);
  assert.equal(Object.hasOwn(answer.headers, "get"), false);
  assert.equal(recording, before);
});

test("each entry can be looked at with its state, subscribers and size", async () => {
  const registration = await show(user, { user_id: 5 });
  registerContext(user, { user_id: 5 }, { enabled: false }).subscribe(() => {});
  const [found] = inspect().filter(({ key }) => key.startsWith(user));
  assert.deepEqual(found, {
    key: `${user}?user_id=5`,
    context: { context: user, params: { user_id: "5" } },
    state: registration.getSnapshot(),
    subscribers: 2,
    size: 13,
  });
});

test("where another copy of the package was there first, it is said that one must go", () => {
  assert.throws(() => second.observe(() => {}), /another copy of @mizan\/runtime/);
});
