// Several runtimes in one page that share nothing: each sees the page's requests by itself, and hears the others as
// it hears tabs. What happened once counts once in each.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { addRuntime, openPage } from "./page.mjs";
import { idle } from "./server.mjs";

let page;
let other;

async function open(settings) {
  page = await openPage(settings);
  other = await addRuntime();
  for (const { server, registerContext } of [page, other]) {
    server.identity = "ada";
    for (const context of ["user", "board"]) {
      server.routes.set(`/api/mizan/ctx/${context}/`, (request) =>
        request.answer({}, { headers: { "X-Mizan-Identity": server.identity } }),
      );
      registerContext(context).subscribe(() => {});
    }
  }
  await fetched();
  page.posts.length = 0;
}

beforeEach(() => open());

/** What each has fetched again since the last time. */
async function fetched() {
  await idle();
  return [page, other].map(({ server }) =>
    server.requests
      .splice(0)
      .map(({ path }) => path.split("/"))
      .flatMap(([, , , kind, context]) => (kind === "ctx" ? [context] : []))
      .sort(),
  );
}

const BOARD = [["board"], ["board"]];
const NOTHING = [[], []];

/** The page's own request is answered so. */
function answerForm(headers, body = "{}") {
  page.server.routes.set("/form/", (request) => request.resolve(new Response(body, { headers })));
}

const SEND = {
  fetch: () => fetch("/form/", { method: "POST" }),
  XMLHttpRequest: (xhr = new XMLHttpRequest()) => {
    xhr.open("POST", "/form/");
    return xhr.send();
  },
};

for (const [name, send] of Object.entries(SEND)) {
  test(`a header that all of them see on an answer to ${name} counts once in each`, async () => {
    answerForm({ "X-Mizan-Invalidate": "board" });
    await send();
    assert.deepEqual(await fetched(), BOARD);
    const ids = page.posts.map(({ id }) => id);
    assert.equal(ids.length, 2, "each tells the other tabs, which may hear one of them alone");
    assert.equal(ids[0], ids[1]);
    await send();
    assert.deepEqual(await fetched(), BOARD, "the next answer is another one");
    assert.equal(new Set(page.posts.map(({ id }) => id)).size, 2);
  });
}

test("each use of one XMLHttpRequest counts", async () => {
  answerForm({ "X-Mizan-Invalidate": "board" });
  const xhr = new XMLHttpRequest();
  for (let use = 0; use < 3; use++) {
    await SEND.XMLHttpRequest(xhr);
    assert.deepEqual(await fetched(), BOARD);
  }
});

test("what one of them does not look at itself, the other tells it", async () => {
  answerForm({ "X-Mizan-Invalidate": "board" });
  for (const [runtime, send] of [page, other].flatMap((runtime) =>
    Object.values(SEND).map((send) => [runtime, send]),
  )) {
    runtime.configure({ observeFetch: false });
    await send();
    assert.deepEqual(await fetched(), BOARD);
    runtime.configure({ observeFetch: true });
  }
});

test("a header that cannot be read is everything, once in each", async () => {
  answerForm({ "X-Mizan-Invalidate": "(" });
  await fetch("/form/", { method: "POST" });
  const all = ["board", "user"];
  assert.deepEqual(await fetched(), [all, all]);
});

for (const where of ["alone", "with cookieStore"]) {
  test(`the cookie of a redirect counts once in each, ${where}`, async () => {
    const cookieStore = where === "alone" ? undefined : new EventTarget();
    await open({ cookieStore });
    page.cookie = "mizan_inv_n1=board";
    cookieStore?.dispatchEvent(new Event("change"));
    page.fire("pageshow", { persisted: false });
    assert.deepEqual(await fetched(), BOARD);
    answerForm({});
    await SEND.XMLHttpRequest();
    assert.deepEqual(await fetched(), NOTHING);
  });
}

for (const change of ["its list", "its header", "both", "one thing each"]) {
  test(`a call of one of them counts once in each, by ${change}`, async () => {
    const invalidate = change === "its header" ? undefined : ["board"];
    const field = { both: "board", "its header": "board", "one thing each": "user" }[change];
    const headers = field ? { "X-Mizan-Invalidate": field } : {};
    page.server.onCall((request) => request.answer({ result: 1, invalidate }, { headers }));
    const all = change === "one thing each" ? ["board", "user"] : ["board"];
    for (const { configure, server, mizanCall } of [page, other]) {
      // As in a page, where each sees what the others send.
      const fetch = (url, init) => (init.method ? globalThis : server).fetch(url, init);
      configure({ fetch });
      await mizanCall("rename");
      assert.deepEqual(await fetched(), [all, all]);
    }
  });
}

test("by hand, by one of them, reaches the other once", async () => {
  page.invalidate(["board"]);
  assert.deepEqual(await fetched(), BOARD);
  other.invalidate(["board"]);
  assert.deepEqual(await fetched(), BOARD);
});

test("a login that one of them hears of reaches the other once, and both come to rest", async () => {
  for (const { server } of [page, other]) {
    server.identity = "bob";
  }
  other.server.onCall((request) =>
    request.answer({ result: 1, invalidate: [] }, { headers: { "X-Mizan-Identity": "bob" } }),
  );
  await other.mizanCall("login");
  const all = ["board", "user"];
  assert.deepEqual(await fetched(), [all, all]);
  assert.deepEqual(await fetched(), NOTHING);
  assert.equal(page.told("identity").length, 1);
});
