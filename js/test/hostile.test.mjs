// Names that objects have anyway, long lists, huge headers, and page code that acts while it is told.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openPage, pathOf } from "./page.mjs";
import { idle, outcome } from "./server.mjs";

/** More than fits on a stack as arguments. */
const MANY = 10_000;

let page;

beforeEach(async () => {
  page = await openPage();
});

async function show(context, params) {
  const registration = page.registerContext(context, params);
  registration.subscribe(() => {});
  await idle();
  return registration;
}

test("a context, a param and a scope may be called as what every object has", async () => {
  for (const name of ["constructor", "toString", "valueOf", "hasOwnProperty"]) {
    const registration = await show(name);
    assert.deepEqual(registration.getSnapshot().data, { version: 0 });
    page.invalidate([name]);
    assert.equal(registration.getSnapshot().isFetching, true);
    await idle();
    assert.equal(page.fetched(name), 2);
  }
  const params = { constructor: "x" };
  const registration = await show("user", params);
  assert.equal(registration.key, "user?constructor=x");
  page.hear({ list: [{ context: "user", params }], id: "1" });
  await idle();
  assert.equal(page.fetched("user?constructor=x"), 2);
  assert.deepEqual(page.told("invalidate").at(-1).list, [{ context: "user", params }]);
});

test("what no name can be is refused, and leaves nothing behind", async () => {
  const params = JSON.parse('{"__proto__": "x"}');
  for (const act of [
    () => page.registerContext("__proto__"),
    () => page.registerContext("user", params),
    () => page.contextKey("user", params),
    () => page.invalidate([{ context: "user", params }]),
  ]) {
    assert.throws(act, page.InvalidKey);
  }
  assert.ok((await outcome(page.mizanFetch("user", params))).error instanceof page.InvalidKey);
  assert.equal({}.x, undefined);
  assert.deepEqual(page.server.requests, []);
});

test("a member called __proto__ is a member like others, through a patch, too", async () => {
  const text = '{"__proto__": {"polluted": 1}, "version": 0}';
  page.server.routes.set(pathOf("board"), (request) => request.answer(text));
  const board = await show("board");
  const update = { version: (version) => version + 1 };
  page.server.onCall((request) => request.answer({ result: 1, invalidate: [] }));
  const call = page.mizanCall("add", {}, { optimistic: [{ context: "board", update }] });
  const { data } = board.getSnapshot();
  assert.deepEqual(Object.keys(data), ["__proto__", "version"]);
  assert.deepEqual([data.version, data.polluted, {}.polluted], [1, undefined, undefined]);
  await call;
});

test("a function called as what every object has may fail alone", async () => {
  const board = await show("board");
  page.server.routes.set(pathOf("board"), (request) =>
    request.answer({ version: 1, $errors: { constructor: { status: 500 } } }),
  );
  page.invalidate(["board"]);
  await idle();
  assert.equal(Object.hasOwn(board.getSnapshot().data, "constructor"), false);
});

for (const $errors of [null, 5, "x", [null], { version: null }, { version: 5 }, { tags: "x" }]) {
  test(`$errors that is ${JSON.stringify($errors)} does not keep a value from arriving`, async () => {
    page.server.routes.set(pathOf("board"), (request) => request.answer({ version: 1, $errors }));
    const board = await show("board");
    assert.deepEqual(board.getSnapshot().data, { version: 1, $errors });
    assert.equal(board.getSnapshot().isStale, false);
    assert.deepEqual(await page.mizanFetch("board"), { version: 1, $errors });
  });
}

test("a huge header is read", async () => {
  const board = await show("board");
  const header = `board;q="${"x".repeat(1 << 20)}"`;
  page.server.onCall((request) =>
    request.answer({ result: 1, invalidate: [] }, { headers: { "X-Mizan-Invalidate": header } }),
  );
  assert.equal(await page.mizanCall("rename"), 1);
  assert.equal(page.told("invalidate")[0].list[0].params.q.length, 1 << 20);
  assert.equal(board.getSnapshot().isStale, false);
  const list = `${"user, ".repeat(100_000)}board`;
  page.server.onCall((request) =>
    request.answer({ result: 1, invalidate: [] }, { headers: { "X-Mizan-Invalidate": list } }),
  );
  assert.equal(await page.mizanCall("rename"), 1);
  await idle();
  assert.equal(page.fetched("board"), 2);
  assert.deepEqual(page.told("error"), []);
});

test("an identity or schema of any length is compared as a whole", async () => {
  const long = "x".repeat(100_000);
  let identity = `${long}a`;
  page.server.routes.set(pathOf("board"), (request) =>
    request.answer({ version: identity.at(-1) }, { headers: { "X-Mizan-Identity": identity } }),
  );
  await show("board");
  identity = `${long}b`;
  page.invalidate(["board"]);
  await idle();
  assert.equal(page.told("identity").length, 1);
});

test("identities that differ in a letter beyond ASCII, or in how one is escaped, are two", async () => {
  const identities = ["\u00e4", "\u00f6", "%F6", "%25F6", "\u007f"];
  let identity = identities[0];
  page.server.routes.set(pathOf("board"), (request) =>
    request.answer({ version: identity }, { headers: { "X-Mizan-Identity": identity } }),
  );
  await show("board");
  for (const [at, next] of identities.entries()) {
    identity = next;
    page.invalidate(["board"]);
    await idle();
    assert.equal(page.told("identity").length, at);
  }
});

test("JSON that is nested ten thousand deep, or repeats a member, is a value like others", async () => {
  const deep = `{"version": ${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
  page.server.routes.set(pathOf("board"), (request) => request.answer(deep));
  assert.equal((await show("board")).getSnapshot().status, "success");
  page.server.routes.set(pathOf("user"), (request) => request.answer('{"a": 1, "a": 2}'));
  assert.deepEqual((await show("user")).getSnapshot().data, { a: 2 });
});

test(`${MANY} contexts are fetched once, and again once when everything is invalidated, a few at a time`, async () => {
  let most = 0;
  let open = 0;
  let requests = 0;
  let version = 0;
  page.configure({
    concurrency: 64,
    onEvent: undefined,
    fetch: async () => {
      requests++;
      most = Math.max(most, ++open);
      await null;
      open--;
      return new Response(`{"version": ${version}}`);
    },
  });
  let heard = 0;
  const all = Array.from({ length: MANY }, (_, n) => page.registerContext("item", { n }));
  for (const registration of all) {
    registration.subscribe(() => heard++);
  }
  const arrived = async (count) => {
    while (requests < count) {
      await idle();
    }
    await idle();
    assert.equal(requests, count);
    for (const { getSnapshot } of all) {
      const { data, isStale } = getSnapshot();
      assert.deepEqual([data.version, isStale], [version, false]);
    }
  };
  await arrived(MANY);
  version = 1;
  heard = 0;
  page.invalidate(["*", "item", { context: "item", params: { n: 5 } }]);
  assert.equal(heard, MANY);
  await arrived(2 * MANY);
  assert.equal(most, 64);

  page.invalidate([{ context: "item", params: { n: 5 } }]);
  await arrived(2 * MANY + 1);
  for (const registration of all) {
    registration.release();
  }
  page.invalidate(["*"]);
  await idle();
  assert.equal(requests, 2 * MANY + 1);
});

test(`a list of ${MANY} members is told, and comes back from another tab`, async () => {
  const board = await show("board");
  const list = Array.from({ length: MANY }, (_, n) => ({ context: "item", params: { n } }));
  page.invalidate([...list, "board"]);
  assert.equal(page.posts.at(-1).list.length, MANY + 1);
  await idle();
  page.hear({ ...page.posts.at(-1), id: "other" });
  assert.equal(board.getSnapshot().isStale, true);
  await idle();
  assert.equal(page.fetched("board"), 3);
});

test("who was unsubscribed by a listener before it is not called any more", async () => {
  const board = page.registerContext("board");
  await show("board");
  const called = [];
  const stops = [1, 2, 3].map((n) =>
    board.subscribe(() => {
      called.push(n);
      stops[1]();
    }),
  );
  page.invalidate(["board"]);
  await idle();
  assert.deepEqual([...new Set(called)], [1, 3]);
  for (const stop of stops) {
    stop();
  }
});

test("who is subscribed by a listener is called from the next change on, and no listener without end", async () => {
  const board = await show("board");
  let called = 0;
  const again = () => {
    called++;
    if (called < 1000) {
      board.subscribe(again);
    }
  };
  board.subscribe(again);
  page.invalidate(["board"]);
  assert.equal(called, 1);
  await idle();
  assert.ok(called < 10, String(called));
});

test("settings may be changed, and everything be asked, while an event is told", async () => {
  const values = [];
  let told = 0;
  page.configure({
    onEvent: ({ type }) => {
      told++;
      page.configure({ retries: told, concurrency: 1 + told });
      if (type === "fetch" && values.length < 3) {
        values.push(page.mizanFetch("board"), page.mizanFetch(`tags${told}`));
        page.invalidate(["board"]);
      }
    },
  });
  const user = await show("user");
  assert.deepEqual(user.getSnapshot().data, { version: 0 });
  for (const value of await Promise.all(values)) {
    assert.deepEqual(value, { version: 0 });
  }
  await idle();
});

test("a signal that is aborted in a listener ends its own reads only", async () => {
  const controller = new AbortController();
  const board = page.registerContext("board");
  board.subscribe(() => controller.abort(new Error("enough")));
  const given = outcome(page.mizanFetch("board", null, { signal: controller.signal }));
  const other = page.mizanFetch("board");
  assert.deepEqual(await other, { version: 0 });
  assert.ok(await given);
});
