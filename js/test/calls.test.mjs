import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { configure, MizanError, mizanCall, registerContext } from "@mizan/runtime";
import { idle, outcome, Server } from "./server.mjs";

let server;
let events;
let next = 0;
let user;
let board;
let pages;

/** A context that the page shows, fetched and fresh. */
async function show(context, params) {
  const registration = registerContext(context, params);
  registration.subscribe(() => {});
  await idle();
  assert.equal(registration.getSnapshot().isStale, false);
  pages.push(registration);
  return registration;
}

const path = (context) => `/api/mizan/ctx/${context}/`;
const count = (context) => server.paths.filter((other) => other.startsWith(path(context))).length;
const told = (type) => events.filter((event) => event.type === type);

beforeEach(() => {
  for (const page of pages ?? []) {
    page.release();
  }
  pages = [];
  server = new Server();
  events = [];
  configure({ cache: true, fetch: server.fetch, onEvent: (event) => events.push(event) });
  next++;
  user = `user${next}`;
  board = `board${next}`;
});

test("a call posts its function and args, and resolves with the result", async () => {
  server.onCall((request) => request.answer({ result: { name: "Ada" }, invalidate: [] }));
  assert.deepEqual(await mizanCall("rename", { name: "Ada" }), { name: "Ada" });
  const request = server.requests.at(-1);
  assert.equal(request.method, "POST");
  assert.equal(request.path, "/api/mizan/call/");
  assert.deepEqual(request.body, { function: "rename", args: { name: "Ada" } });
  assert.equal(request.headers.get("Content-Type"), "application/json");
});

test("a call without args sends none, and a result may be null", async () => {
  server.onCall((request) => request.answer({ result: null, invalidate: [] }));
  assert.equal(await mizanCall("mark_all_read"), null);
  assert.deepEqual(server.requests.at(-1).body, { function: "mark_all_read", args: {} });
});

test("an endpoint with the function's name in it takes the args as its body", async () => {
  configure({ endpoints: { call: "call/{name}/" } });
  server.routes.set("/api/mizan/call/rename/", (request) => request.answer({ result: 1 }));
  assert.equal(await mizanCall("rename", { name: "Ada" }), 1);
  assert.deepEqual(server.requests.at(-1).body, { name: "Ada" });
  configure({ endpoints: {} });
});

test("the list in the answer names what is fetched again", async () => {
  await show(user, { user_id: 5 });
  await show(user, { user_id: 6 });
  await show(board);
  server.onCall((request) =>
    request.answer({ result: 1, invalidate: [{ context: user, params: { user_id: 5 } }] }),
  );
  await mizanCall("rename");
  await idle();
  assert.equal(server.count(`${path(user)}?user_id=5`), 2);
  assert.equal(server.count(`${path(user)}?user_id=6`), 1);
  assert.equal(count(board), 1);
});

test("the header does the same, and both together count once", async () => {
  await show(user, { user_id: 5 });
  await show(board);
  server.onCall((request) =>
    request.answer(
      { result: 1, invalidate: [{ context: user, params: { user_id: 5 } }] },
      { headers: { "X-Mizan-Invalidate": `${user};user_id=5, ${board}` } },
    ),
  );
  await mizanCall("rename");
  await idle();
  assert.deepEqual([count(user), count(board)], [2, 2]);
  assert.deepEqual(told("invalidate"), [
    {
      type: "invalidate",
      source: "call",
      list: [{ context: user, params: { user_id: "5" } }, board],
    },
  ]);
});

test("a call that failed invalidates nothing, unless its header says so", async () => {
  await show(user);
  server.onCall((request) => request.problem(500));
  assert.equal((await outcome(mizanCall("rename"))).error.status, 500);
  await idle();
  assert.equal(count(user), 1);
  server.onCall((request) => request.problem(500, {}, { "X-Mizan-Invalidate": user }));
  assert.equal((await outcome(mizanCall("rename"))).error.status, 500);
  await idle();
  assert.equal(count(user), 2);
});

for (const [what, list] of [
  ["a string", "user"],
  ["an object", {}],
  ["a number", 5],
  ["true", true],
]) {
  test(`a list that is ${what} invalidates everything, with an error event`, async () => {
    await show(user);
    server.onCall((request) => request.answer({ result: 1, invalidate: list }));
    assert.equal(await mizanCall("rename"), 1);
    await idle();
    assert.equal(count(user), 2);
    const [{ error }] = told("error");
    assert.match(error.message, /invalidate/);
  });
}

test("a header that cannot be read invalidates everything, with an error that says where", async () => {
  await show(user);
  await show(board);
  server.onCall((request) =>
    request.answer({ result: 1 }, { headers: { "X-Mizan-Invalidate": "user;user_id=" } }),
  );
  assert.equal(await mizanCall("rename"), 1);
  await idle();
  assert.deepEqual([count(user), count(board)], [2, 2]);
  const [{ error }] = told("error");
  assert.match(error.message, /X-Mizan-Invalidate/);
  assert.match(error.message, /13$/);
});

for (const [what, body] of [
  ["not JSON", "<!doctype html>"],
  ["empty", ""],
  ["a bare number", "5"],
]) {
  test(`an answer that is ${what} rejects the call and invalidates everything`, async () => {
    await show(user);
    server.onCall((request) => request.answer(body));
    const { error } = await outcome(mizanCall("rename"));
    assert.ok(error instanceof MizanError, String(error));
    await idle();
    assert.equal(count(user), 2);
  });
}

test("a call without an answer invalidates everything: it may have been carried out", async () => {
  await show(user);
  server.onCall((request) => request.cut());
  assert.equal((await outcome(mizanCall("rename"))).error.status, 0);
  await idle();
  assert.equal(count(user), 2);
  assert.deepEqual(told("invalidate"), [{ type: "invalidate", source: "call", list: ["*"] }]);
});

test("a call whose signal is aborted already is not sent, and invalidates nothing", async () => {
  await show(user);
  const reason = new Error("no longer");
  const { error } = await outcome(mizanCall("rename", {}, { signal: AbortSignal.abort(reason) }));
  assert.equal(error, reason);
  await idle();
  assert.equal(server.count("/api/mizan/call/"), 0);
  assert.equal(count(user), 1);
});

test("a call that is aborted on the way rejects with the reason and invalidates everything", async () => {
  await show(user);
  await mizanCall("warm_up").catch(() => {});
  events.length = 0;
  const before = count(user);
  server.onCall(() => {});
  const controller = new AbortController();
  const reason = new Error("no longer");
  const call = outcome(mizanCall("rename", {}, { signal: controller.signal }));
  await idle();
  controller.abort(reason);
  assert.equal((await call).error, reason);
  await idle();
  assert.ok(server.requests.findLast(({ method }) => method === "POST").aborted);
  assert.equal(count(user), before + 1);
});

test("a call resolves with its answer, before what it invalidated has arrived", async () => {
  const page = await show(user);
  server.onCall((request) => {
    server.held = true;
    request.answer({ result: 1, invalidate: [user] });
  });
  assert.equal(await mizanCall("rename"), 1);
  assert.equal(page.getSnapshot().isStale, true);
  server.release();
  await idle();
  assert.equal(page.getSnapshot().isStale, false);
});

test("with awaitRefetch a call resolves when what it invalidated has arrived", async () => {
  const page = await show(user);
  server.onCall((request) => {
    server.version = 7;
    server.held = true;
    request.answer({ result: 1, invalidate: [user] });
  });
  let done = false;
  const call = mizanCall("rename", {}, { awaitRefetch: true }).then((result) => {
    done = true;
    return [result, page.getSnapshot().data];
  });
  await idle();
  assert.equal(done, false);
  server.release();
  assert.deepEqual(await call, [1, { version: 7 }]);
});

test("with awaitRefetch a refetch that fails ends the wait, and the call has its result", async () => {
  await show(user);
  server.onCall((request) => {
    server.routes.set(path(user), (refetch) => refetch.problem(500));
    request.answer({ result: 1, invalidate: [user] });
  });
  assert.equal(await mizanCall("rename", {}, { awaitRefetch: true }), 1);
});

test("with awaitRefetch a call does not wait for what nobody looks at", async () => {
  const page = await show(user);
  page.release();
  server.onCall((request) => {
    server.held = true;
    request.answer({ result: 1, invalidate: [user] });
  });
  assert.equal(await mizanCall("rename", {}, { awaitRefetch: true }), 1);
});

test("calls run side by side, and each has its own answer", async () => {
  server.onCall((request) => request.answer({ result: request.body.args.n }));
  await mizanCall("warm_up", { n: 0 });
  server.held = true;
  const calls = [1, 2, 3].map((n) => mizanCall("echo", { n }));
  await idle();
  assert.equal(server.waiting.length, 3);
  server.waiting.reverse();
  server.release();
  assert.deepEqual(await Promise.all(calls), [1, 2, 3]);
});

test("another schema is told once", async () => {
  configure({ schema: "2f" });
  server.onCall((request) =>
    request.answer({ result: 1 }, { headers: { "X-Mizan-Schema": "30" } }),
  );
  await mizanCall("rename");
  await mizanCall("rename");
  assert.equal(told("outdated").length, 1);
});

test("a gateway's error is an unknown outcome, the server's own is not", async () => {
  await show(user);
  const gateway = new Response("<h1>504</h1>", { status: 504 });
  server.onCall((request) => request.resolve(gateway));
  assert.equal((await outcome(mizanCall("rename"))).error.status, 504);
  await idle();
  assert.equal(count(user), 2, "it may have been carried out");
  server.onCall((request) => request.problem(500, { type: "urn:mizan:problem:internal" }));
  assert.equal((await outcome(mizanCall("rename"))).error.status, 500);
  await idle();
  assert.equal(count(user), 2, "the server has rolled it back");
});

test("a success that does not say what it has changed may have changed anything", async () => {
  await show(user);
  server.onCall((request) => request.answer({ result: 1 }));
  assert.equal(await mizanCall("rename"), 1);
  await idle();
  assert.equal(count(user), 2);
  server.onCall((request) => request.answer([]));
  assert.equal((await outcome(mizanCall("rename"))).error.status, 0, "no result is no answer");
  await idle();
  assert.equal(count(user), 3);
});

test("args that cannot be sent are the caller's error: nothing is sent or fetched again", async () => {
  await show(user);
  await assert.rejects(mizanCall("rename", { id: 5n }), TypeError);
  await idle();
  assert.equal(server.count("/api/mizan/call/"), 0);
  assert.equal(count(user), 1);
});

test("a function's name in the path cannot lead elsewhere", async () => {
  configure({ endpoints: { call: "call/{name}/" } });
  await outcome(mizanCall("../../evil?x=$&"));
  configure({ endpoints: {} });
  assert.equal(server.requests.at(-1).path, "/api/mizan/call/..%2F..%2Fevil%3Fx%3D%24%26/");
});

test("a registration ends with its signal", async () => {
  const controller = new AbortController();
  const registration = registerContext(user, null, { signal: controller.signal });
  registration.subscribe(() => {});
  await idle();
  controller.abort();
  server.onCall((request) => request.answer({ result: 1, invalidate: [user] }));
  await mizanCall("rename");
  await idle();
  assert.equal(count(user), 1);
});
