// The server of a test, and the runtime that begins anew after each: with the real runtime, React and jsdom. Each
// test here leaves something behind on purpose.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, mock, test } from "node:test";
import {
  configure,
  hydrate,
  invalidate,
  mizanCall,
  mizanFetch,
  registerContext,
} from "@mizan/runtime";
import { defineMemberSuspense, defineMutation, MizanError } from "@mizan/runtime/react";
import { createTestServer, problem } from "@mizan/runtime/testing";
import { createElement as h, Suspense } from "react";
import { define, mount, probe, settle } from "./react.mjs";
import { outcome } from "./server.mjs";

// Nobody sees a page of jsdom.
Object.defineProperty(document, "hidden", { value: false });

const { Provider, useMember, context } = define("user", ["user_id"]);
const useRename = defineMutation("rename", "1");

const ADA = { user_profile: { id: 5, name: "Ada" } };

let server;

beforeEach(() => {
  server = createTestServer();
});

afterEach(() => server.stop());

/** What is on the page: a name, and a hook to rename whoever has it. */
async function show(params = { user_id: 5 }, props = {}) {
  const Name = probe(() => useMember("user_profile"));
  let rename;
  function Rename() {
    rename = useRename();
    return null;
  }
  const page = await mount(h(Provider, { ...params, ...props }, h(Name), h(Rename)));
  return {
    ...page,
    Name,
    get rename() {
      return rename;
    },
  };
}

/** Lets the time go on that the test rules, and what comes of it. */
const advance = (duration) => settle(() => mock.timers.tick(duration));

// Node says so where the time is ruled for the first time.
process.removeAllListeners("warning");

/** Rules the time until the test is over. */
function rule(t, settings = {}) {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.UTC(2030, 0, 1), ...settings });
  t.after(() => mock.timers.reset());
}

/** Something happens to the window. */
const fire = (type) => window.dispatchEvent(new window.Event(type));

/** What a redirect has left. */
function setCookie(name, value) {
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no other way
  document.cookie = `${name}=${value}; path=/`;
}

test("a context is answered by its params, and what the page asked for is known", async () => {
  server.context("user", { user_id: 5 }, ADA);
  server.context("user", { user_id: 6 }, { user_profile: { id: 6, name: "Grace" } });
  const { Name } = await show({ user_id: 6 });
  assert.equal(Name.state.data.name, "Grace");
  assert.deepEqual(server.requests, [{ context: "user", params: { user_id: 6 } }]);
});

test("what was said last counts, for one context as for all of a name", async () => {
  server.context("user", ({ user_id }) => ({ user_profile: { name: `first ${user_id}` } }));
  server.context("user", { user_id: 5 }, ADA);
  assert.deepEqual(await mizanFetch("user", { user_id: 5 }), ADA);
  assert.equal((await mizanFetch("user", { user_id: 6 })).user_profile.name, "first 6");
  server.context("user", async () => ({ user_profile: { name: "second" } }));
  assert.equal((await mizanFetch("user", { user_id: 7 })).user_profile.name, "second");
  invalidate(["user"]);
  assert.equal((await mizanFetch("user", { user_id: 5 })).user_profile.name, "second");
});

test("params are of the types that the page has given them", async () => {
  const params = { count: 5, price: 0.1, slug: "2024", is_open: false, text: "a=1&b c/ü" };
  let given;
  server.context("shop", (params) => {
    given = { ...params };
    params.count = 0;
    return {};
  });
  await mizanFetch("shop", params);
  assert.deepEqual(given, params);
  assert.deepEqual(server.requests, [{ context: "shop", params }]);
  server.context("shop", params, { shop: 1 });
  invalidate(["shop"]);
  assert.deepEqual(await mizanFetch("shop", params), { shop: 1 });
});

test("a mutation gets its arguments, and what it says that it changed is fetched again, and nothing else", async () => {
  const people = { 5: "Ada", 6: "Grace" };
  server.context("user", ({ user_id }) => ({ user_profile: { name: people[user_id] } }));
  server.mutation("rename", ({ name }, { invalidate }) => {
    people[5] = name;
    invalidate("user", { user_id: 5 });
    return { id: 5, name };
  });
  const page = await show();
  const other = await show({ user_id: 6 });
  let result;
  await settle(async () => {
    result = await page.rename.call({ name: "Ada King" });
  });
  assert.deepEqual(result, { id: 5, name: "Ada King" });
  assert.deepEqual(
    [page.Name.state.data.name, other.Name.state.data.name, page.rename.isPending],
    ["Ada King", "Grace", false],
  );
  assert.deepEqual(server.requests, [
    { context: "user", params: { user_id: 5 } },
    { context: "user", params: { user_id: 6 } },
    { mutation: "rename", args: { name: "Ada King" } },
    { context: "user", params: { user_id: 5 } },
  ]);
});

test("without params an invalidation is of every context of the name, and * of all", async () => {
  const asked = () => server.requests.splice(0).map(({ context, mutation }) => context ?? mutation);
  server.context("user", () => ADA);
  server.context("board", () => ({ board: 1 }));
  let changed = "user";
  server.mutation("touch", (_, { invalidate }) => invalidate(changed));
  for (const context of ["user", "board"]) registerContext(context).subscribe(() => {});
  await settle();
  assert.deepEqual(asked(), ["user", "board"]);
  assert.equal(await mizanCall("touch", {}, { awaitRefetch: true }), null);
  assert.deepEqual(asked(), ["touch", "user"]);
  changed = "*";
  await mizanCall("touch", {}, { awaitRefetch: true });
  assert.deepEqual(asked(), ["touch", "user", "board"]);
});

test("a refusal is at its field, and nothing is fetched again", async () => {
  server.context("user", { user_id: 5 }, ADA);
  server.mutation("rename", () => {
    throw problem(422, { fields: { name: "is too short" } });
  });
  const page = await show();
  await settle(() => outcome(page.rename.call({ name: "" })));
  const { error } = page.rename;
  assert.ok(error instanceof MizanError);
  assert.deepEqual(error.fields, { name: "is too short" });
  assert.deepEqual(error.errors, [{ loc: ["name"], msg: "is too short", type: "invalid" }]);
  assert.equal(server.requests.length, 2);
});

test("refusals are those of the Django package", () => {
  const source = readFileSync(
    new URL("../../django/src/django_mizan/problems.py", import.meta.url),
    "utf8",
  );
  const kinds = [...source.matchAll(/^ {4}"([\w-]+)": \((\d+), "(.*)"\),$/gm)];
  assert.equal(kinds.length, 13);
  const own = new Map();
  for (const [, kind, status, title] of kinds) {
    const type = `urn:mizan:problem:${kind}`;
    own.set(status, [...(own.get(status) ?? []), { type, title, status: Number(status) }]);
  }
  for (const [status, documents] of own) {
    const { document } = problem(Number(status));
    assert.ok(
      documents.some((each) => JSON.stringify(each) === JSON.stringify(document)),
      JSON.stringify(document),
    );
  }
  const limit = { detail: "Slowly.", type: "urn:example:slow", title: "Too fast" };
  assert.deepEqual(problem(418, limit).document, { ...limit, status: 418 });
  assert.equal(problem(409).document.type, "about:blank");
});

test("a context is refused as a whole, and is gone where the server says so", async () => {
  server.context("user", { user_id: 5 }, problem(404, { detail: "No such person." }));
  const { Name } = await show();
  assert.equal(Name.state.status, "gone");
  assert.equal(Name.state.error.message, "Not found: No such person.");
  server.context("user", () => {
    throw problem(403);
  });
  await settle(() => outcome(Name.state.refetch()));
  assert.equal(Name.state.error.status, 403);
});

test("a member fails alone, and its neighbours are there", async () => {
  server.context("user", { user_id: 5 }, { ...ADA, orders: problem(403) });
  const Orders = probe(() => useMember("orders"));
  const Name = probe(() => useMember("user_profile"));
  await mount(h(Provider, { user_id: 5 }, h(Orders), h(Name)));
  assert.deepEqual(
    [Orders.state.status, Orders.state.error.title, Orders.state.data],
    ["error", "Not allowed", undefined],
  );
  assert.deepEqual([Name.state.status, Name.state.data.name], ["success", "Ada"]);
});

test("without a network nothing is answered, until it is back", async () => {
  server.context("user", { user_id: 5 }, ADA);
  const { Name } = await show();
  server.offline();
  await settle(() => outcome(Name.state.refetch()));
  assert.deepEqual(
    [Name.state.error.status, Name.state.error.type, Name.state.data.name],
    [0, "network", "Ada"],
  );
  server.online();
  await settle(() => Name.state.refetch());
  assert.equal(Name.state.error, undefined);
  assert.equal(server.requests.length, 3);
});

test("a call whose answer is lost was carried out perhaps: everything is fetched again", async () => {
  let name = "Ada";
  server.context("user", () => ({ user_profile: { name } }));
  server.mutation("rename", (args) => {
    name = args.name;
    throw problem(0);
  });
  const page = await show();
  await settle(() => outcome(page.rename.call({ name: "Ada King" })));
  assert.equal(page.rename.error.type, "network");
  assert.equal(page.Name.state.data.name, "Ada King");
});

test("what has no answer says so on the page at once, and fails the test with the line to write", async () => {
  configure({ retries: 3 });
  const { Name, rename } = await show();
  const message =
    'No answer for the context user?user_id=5: say server.context("user", { user_id: 5 }, …)';
  assert.equal(Name.state.error.message, message);
  const failed = await settle(() => outcome(rename.call({ name: "Ada" })));
  const other =
    'No answer for the mutation rename({"name":"Ada"}): say server.mutation("rename", (args) => …)';
  assert.equal(failed.error.message, other);
  // Once for each, however often it is asked for.
  await settle(() => outcome(Name.state.refetch()));
  assert.throws(
    () => server.reset(),
    ({ errors, message: all }) => errors.length === 2 && all === `${message}\n${other}`,
  );
  server.reset();
  await outcome(mizanFetch("board"));
  assert.throws(() => server.stop(), {
    message: 'No answer for the context board: say server.context("board", {}, …)',
  });
});

test("an answer that fails by itself is the test's mistake, and its own error says so", async () => {
  const mistake = new TypeError("people is not defined");
  server.context("user", () => {
    throw mistake;
  });
  const { Name } = await show();
  assert.equal(
    Name.state.error.message,
    "The answer for the context user?user_id=5 has failed: TypeError: people is not defined",
  );
  assert.throws(() => server.reset(), mistake);
  for (const [answer, why] of [
    [() => undefined, /expected an object with a member for each function, found undefined/],
    [() => [1], /expected an object .*, found 1/],
    [() => ({ user_profile: 1n }), /BigInt/],
  ]) {
    server.context("user", answer);
    await assert.rejects(mizanFetch("user"), why);
    assert.throws(() => server.reset(), why);
  }
});

test("an answer goes the way of the wire: what JSON cannot carry does not arrive", async () => {
  const born = new Date(Date.UTC(1815, 11, 10));
  const profile = { name: "Ada 🎼\u2028\ud800", born, nothing: undefined };
  server.context("user", { user_id: 5 }, { user_profile: profile });
  const first = await mizanFetch("user", { user_id: 5 });
  assert.deepEqual(first, {
    user_profile: { name: profile.name, born: "1815-12-10T00:00:00.000Z" },
  });
  // What is said is what it is when it is asked for, as in a database.
  profile.name = "Grace";
  invalidate(["user"]);
  assert.equal((await mizanFetch("user", { user_id: 5 })).user_profile.name, "Grace");
  let got;
  server.mutation("rename", (args) => {
    got = args;
    args.name = "changed";
  });
  const args = { name: "Ada", born };
  assert.equal(await mizanCall("rename", args), null);
  assert.equal(got.born, born.toISOString());
  assert.deepEqual(server.requests.at(-1).args, { name: "Ada", born: born.toISOString() });
});

test("an answer takes as long as it says, by the time that the test rules", async (t) => {
  rule(t);
  server.context("user", { user_id: 5 }, ADA, { delay: 200 });
  server.mutation("rename", () => null, { delay: 1000 });
  const page = await show();
  await advance(199);
  assert.equal(page.Name.state.status, "pending");
  await advance(1);
  assert.equal(page.Name.state.data.name, "Ada");
  await settle(() => void page.rename.call({ name: "" }));
  assert.equal(page.rename.isPending, true);
  await advance(1000);
  assert.equal(page.rename.isPending, false);
});

test("all answers of a server may be slow", async (t) => {
  rule(t);
  server = createTestServer({ delay: 50 });
  server.context("user", () => ADA);
  server.context("board", () => ({}), { delay: 10 });
  const done = [];
  mizanFetch("user").then(() => done.push("user"));
  mizanFetch("board").then(() => done.push("board"));
  await settle();
  await advance(10);
  assert.deepEqual(done, ["board"]);
  await advance(40);
  assert.deepEqual(done, ["board", "user"]);
});

test("the intervals, ages and lives of contexts go by the time that the test rules", async (t) => {
  rule(t);
  server.context("user", () => ADA);
  const page = await show({ user_id: 5 }, { refetchInterval: 30_000, staleTime: 60_000 });
  for (let count = 1; count <= 3; count++) {
    assert.equal(server.requests.length, count);
    await advance(29_999);
    assert.equal(server.requests.length, count);
    await advance(1);
  }
  await page.render(h(Provider, { user_id: 5, staleTime: 60_000 }));
  const look = () => settle(() => document.dispatchEvent(new window.Event("visibilitychange")));
  await advance(59_000);
  await look();
  assert.equal(server.requests.length, 4);
  await advance(1_000);
  await look();
  assert.equal(server.requests.length, 5);
  page.unmount();
  await advance(299_999);
  assert.equal(registerContext("user", { user_id: 5 }).getSnapshot().status, "success");
  await advance(1);
  assert.equal(registerContext("user", { user_id: 5 }).getSnapshot().status, "pending");
});

test("failures are final, unless the test asks for retries, which go by its time", async (t) => {
  rule(t);
  server.context("user", () => problem(503));
  await assert.rejects(mizanFetch("user", { user_id: 5 }), { status: 503 });
  server.reset();
  server.context("user", () => problem(503));
  await assert.rejects(mizanFetch("user", { user_id: 5 }), { status: 503 });
  // The machine hears of it as soon as it begins.
  setCookie("mizan_inv_b1", "board");
  server = createTestServer({ retries: 2 });
  // So does the one after a test in which there was something to tell it.
  invalidate(["user"]);
  server.reset();
  server.context("user", () => problem(503, { retryAfter: 10 }));
  const { Name } = await show();
  for (const [count, wait] of [
    [1, 9_999],
    [1, 1_001],
    [2, 9_999],
    [2, 2_001],
  ]) {
    assert.deepEqual([server.requests.length, Name.state.error], [count, undefined]);
    await advance(wait);
  }
  assert.deepEqual([server.requests.length, Name.state.error.status], [3, 503]);
});

test("what the app says of its endpoints and transport counts when the server is stopped", async () => {
  const { fetch: native } = globalThis;
  server.stop();
  const asked = [];
  const fetch = async (url, { headers = {} }) => {
    asked.push([url, headers.Authorization]);
    return new Response(`{"result": 1, "invalidate": []}`);
  };
  const app = { baseUrl: "https://api.example/v2", endpoints: { context: "c/{name}" }, fetch };
  configure(app);
  server = createTestServer();
  server.context("user", { user_id: 5 }, ADA);
  server.mutation("rename", () => null);
  assert.deepEqual(await mizanFetch("user", { user_id: 5 }), ADA);
  configure({ ...app, endpoints: { call: "do/{name}/" }, token: () => "t1", retries: 1 });
  await mizanCall("rename", { name: "Ada" });
  assert.equal(server.requests.length, 2);
  assert.deepEqual(asked, []);
  server.stop();
  await mizanFetch("user", { user_id: 5 });
  configure({ token: undefined });
  await mizanCall("rename");
  // What the test's server has given as a CSRF token is not for the app's.
  assert.deepEqual(asked, [
    ["https://api.example/v2/ctx/user/?user_id=5", "Bearer t1"],
    ["https://api.example/v2/session/", undefined],
    ["https://api.example/v2/do/rename/", undefined],
  ]);
  assert.equal(globalThis.fetch, native);
  assert.throws(() => server.context("user", {}, ADA), /was stopped/);
  assert.throws(() => server.mutation("rename", () => null), /was stopped/);
  configure({ baseUrl: "/api/mizan/", endpoints: undefined });
});

test("of two servers the later one counts", async () => {
  const first = server;
  server = createTestServer();
  server.context("user", () => ADA);
  assert.deepEqual(await mizanFetch("user"), ADA);
  assert.throws(() => first.offline(), /was stopped/);
  first.stop();
  invalidate(["user"]);
  assert.deepEqual(await mizanFetch("user"), ADA);
});

test("a server ends with its block", async () => {
  server[Symbol.dispose]();
  assert.throws(() => server.online(), /was stopped/);
});

test("after a reset nothing is known of the test before", async () => {
  server.identity = "ada";
  server.context("user", { user_id: 5 }, ADA);
  server.mutation("rename", () => null);
  const user = registerContext("user", { user_id: 5 });
  user.subscribe(() => {});
  await settle();
  await mizanCall("rename");
  const before = server.requests;
  server.reset();
  assert.deepEqual([server.requests, server.identity, before.length], [[], undefined, 2]);
  assert.equal(user.getSnapshot().status, "pending");
  // Nor who was logged in: where the server does not say, what comes with the page belongs to anybody.
  hydrate({
    identity: "grace",
    contexts: [{ context: "user", params: { user_id: 5 }, data: { a: 1 } }],
  });
  assert.deepEqual(user.getSnapshot().data, { a: 1 });
  server.reset();
  await assert.rejects(user.read(), /No answer for the context user\?user_id=5/);
  await assert.rejects(mizanCall("rename"), /No answer for the mutation rename/);
  assert.throws(() => server.reset());
});

test("what is under way when a test ends comes to nothing", async (t) => {
  rule(t);
  const late = [];
  const held = [];
  const hold = () => new Promise((resolve) => held.push(resolve));
  const note = (promise) =>
    promise.then(
      () => late.push("done"),
      () => late.push("failed"),
    );
  server.context("user", hold);
  server.context("slow", () => ({}), { delay: 100 });
  server.mutation("rename", async (_, { invalidate }) => {
    await hold();
    invalidate("user");
  });
  server.mutation("fail", async () => {
    await hold();
    throw new Error("late");
  });
  note(mizanFetch("user"));
  note(mizanFetch("slow"));
  for (const name of ["rename", "fail"]) {
    // The second of a scope has not even been sent.
    note(mizanCall(name, {}, { scope: name }));
    note(mizanCall(name, {}, { scope: name }));
  }
  await settle();
  let token;
  configure({ token: () => new Promise((resolve) => (token = resolve)) });
  note(mizanCall("rename", { who: "waits for its token" }));
  await settle();
  configure({ token: undefined });
  assert.equal(held.length, 3);
  server.reset();
  server.context("user", () => ADA);
  const { Name } = await show();
  token("t");
  for (const resolve of held) resolve({ late: true });
  await advance(1000);
  assert.deepEqual(late, []);
  assert.equal(Name.state.data.name, "Ada");
  assert.deepEqual(server.requests, [{ context: "user", params: { user_id: 5 } }]);
});

test("who gives up a read of the test before does not end one of this test", async (t) => {
  rule(t);
  const controller = new AbortController();
  server.context("user", () => new Promise(() => {}));
  const given = outcome(mizanFetch("user", {}, { signal: controller.signal }));
  await settle();
  server.reset();
  let answer;
  server.context("user", () => new Promise((resolve) => (answer = resolve)));
  const read = mizanFetch("user");
  await settle();
  controller.abort(new Error("enough"));
  assert.equal((await given).error.message, "enough");
  // What nobody wants is given up in the next turn.
  await advance(10);
  answer(ADA);
  assert.deepEqual(await read, ADA);
});

test("a token that is renewed too late asks for nothing, and the next test renews its own", async () => {
  const renewals = [];
  let token = "old";
  configure({
    token: () => token,
    refreshToken: () => new Promise((resolve) => renewals.push(resolve)),
  });
  const protect = () => server.mutation("rename", () => (token === "new" ? 1 : problem(401)));
  protect();
  mizanCall("rename");
  await settle();
  server.reset();
  token = "new";
  renewals[0]();
  await settle();
  assert.deepEqual(server.requests, []);
  token = "old";
  protect();
  const call = mizanCall("rename");
  await settle();
  token = "new";
  renewals[1]();
  assert.equal(await call, 1);
  assert.equal(server.requests.length, 2);
  configure({ token: undefined, refreshToken: undefined });
});

test("what the app's own transport is still fetching when a server begins is not shown", async () => {
  server.stop();
  let answer;
  configure({ fetch: () => new Promise((resolve) => (answer = resolve)) });
  registerContext("user").subscribe(() => {});
  await settle();
  server = createTestServer();
  server.context("user", () => new Promise(() => {}));
  const user = registerContext("user");
  user.subscribe(() => {});
  await settle();
  answer(new Response("{}"));
  await settle();
  assert.equal(user.getSnapshot().status, "pending");
});

test("what gives up is told so, and what has not been sent then never is", async () => {
  server.mutation("rename", () => new Promise(() => {}));
  const before = new AbortController();
  const unsent = mizanCall("rename", {}, { signal: before.signal });
  before.abort(new Error("at once"));
  await assert.rejects(unsent, /at once/);
  assert.deepEqual(server.requests, []);
  const later = new AbortController();
  const sent = mizanCall("rename", {}, { signal: later.signal });
  await settle();
  later.abort(new Error("later"));
  await assert.rejects(sent, /later/);
  assert.equal(server.requests.length, 1);
});

test("a component that is still mounted when a test ends hears of nothing more, and leaves without harm", async () => {
  server.context("user", { user_id: 5 }, ADA);
  const old = await show();
  const renders = old.Name.states.length;
  server.reset();
  server.context("user", { user_id: 5 }, { user_profile: { name: "Grace" } });
  invalidate(["*"]);
  await settle();
  assert.deepEqual(server.requests, []);
  const next = await show();
  assert.equal(old.Name.states.length, renders);
  old.unmount();
  // Whoever came later is still subscribed.
  server.context("user", { user_id: 5 }, { user_profile: { name: "Grace Hopper" } });
  invalidate(["user"]);
  await settle();
  assert.equal(next.Name.state.data.name, "Grace Hopper");
});

test("one that is mounted again after the end of a test is entered anew", async () => {
  server.context("user", { user_id: 5 }, ADA);
  const page = await show();
  server.reset();
  server.context("user", () => ({ user_profile: { name: "Grace" } }));
  await page.render(null);
  const Name = probe(() => useMember("user_profile"));
  await page.render(h(Provider, { user_id: 5 }, h(Name)));
  assert.equal(Name.state.data.name, "Grace");
});

test("no timer of the runtime or the server is left after a test", async (t) => {
  const running = new Set();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  globalThis.setTimeout = (callback, delay) => {
    const timer = set(() => {
      running.delete(timer);
      callback();
    }, delay);
    if (delay) running.add(timer);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    running.delete(timer);
    clear(timer);
  };
  t.after(() => Object.assign(globalThis, { setTimeout: set, clearTimeout: clear }));
  server.context("user", () => ADA);
  server.context("slow", () => ADA, { delay: 1e6 });
  const stop = registerContext("user", {}, { refetchInterval: 1e6 }).subscribe(() => {});
  mizanFetch("slow");
  await settle();
  assert.equal(running.size, 2);
  server.reset();
  assert.equal(running.size, 0);
  stop();
  assert.equal(running.size, 0);
});

test("a process does not stay for what a test has left", async (t) => {
  const timers = [];
  const { setTimeout: set } = globalThis;
  globalThis.setTimeout = (callback, delay) => {
    const timer = set(callback, delay);
    timers.push(timer);
    return timer;
  };
  t.after(() => {
    globalThis.setTimeout = set;
  });
  for (const leave of [() => mizanFetch("slow"), () => mizanCall("slow")]) {
    server.context("slow", () => new Promise(() => {}));
    server.mutation("slow", () => new Promise(() => {}));
    leave();
    await settle();
    server.reset();
    timers.length = 0;
    server.context("user", () => ADA);
    await mizanFetch("user");
    assert.deepEqual(
      timers.map((timer) => timer.hasRef()),
      [false],
    );
  }
});

test("what was patched and not yet answered is gone with its test", async () => {
  server.context("user", () => ADA);
  server.mutation("rename", () => new Promise(() => {}));
  const patch = () => ({
    context: "user",
    update: { user_profile: (profile) => ({ ...profile, name: "…" }) },
  });
  mizanCall("rename", {}, { optimistic: [patch()] });
  const { Name } = await show();
  await settle(() => void mizanCall("rename", {}, { optimistic: [patch()] }));
  assert.equal(Name.state.data.name, "…");
  server.reset();
  server.context("user", () => ADA);
  const next = await show();
  assert.equal(next.Name.state.data.name, "Ada");
});

test("Suspense waits for the server of a test, too", async () => {
  const useName = defineMemberSuspense(context, "user_profile");
  const Name = () => useName().name;
  server.context("user", () => ADA);
  const { container } = await mount(
    h(Provider, { user_id: 5 }, h(Suspense, { fallback: "…" }, h(Name))),
  );
  assert.equal(container.textContent, "Ada");
});

test("a change of who is logged in takes what the other has seen off the page", async () => {
  server.identity = "ada";
  server.context("user", () => ADA);
  const { Name } = await show();
  server.identity = "grace";
  server.context("user", () => problem(403));
  await settle(() => outcome(Name.state.refetch()));
  assert.deepEqual([Name.state.data, Name.state.error.status], [undefined, 403]);
});

test("neither tabs nor cookies of another test are heard", async (t) => {
  const other = new BroadcastChannel("mizan");
  t.after(() => other.close());
  const heard = [];
  other.onmessage = ({ data }) => heard.push(data);
  // When this one has heard, everybody has.
  const witness = new BroadcastChannel("mizan");
  t.after(() => witness.close());
  const arrived = new Promise((resolve) => {
    witness.onmessage = resolve;
  });
  // As of a page that comes back.
  fire("pagehide");
  fire("pageshow");
  setCookie("mizan_inv_a1", "user");
  server.reset();
  server.context("user", () => ADA);
  await show({ user_id: 5 }, { staleTime: 1e9 });
  // The page looks for cookies.
  document.dispatchEvent(new window.Event("visibilitychange"));
  await settle();
  assert.equal(server.requests.length, 1);
  other.postMessage({ list: ["user"], id: "1" });
  invalidate(["board"]);
  await arrived;
  await settle();
  assert.equal(server.requests.length, 1);
  assert.deepEqual(heard, []);
});

test("a page that was offline in one test is not in the next", async () => {
  server.context("user", () => ADA);
  const page = await show();
  await settle(() => fire("offline"));
  await settle(() => void page.Name.state.refetch());
  assert.equal(server.requests.length, 1);
  server.reset();
  server.context("user", () => ADA);
  const { Name } = await show();
  assert.equal(Name.state.data.name, "Ada");
});
