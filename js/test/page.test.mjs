// What a page has and Node has not: cookies that a redirect has left. Of its own process, because the
// runtime looks for a page when it is loaded.
import assert from "node:assert/strict";
import { test } from "node:test";

const page = new EventTarget();
const tab = Object.assign(new EventTarget(), {
  hidden: false,
  baseURI: "http://server.test/board",
  querySelector: () => null,
});
let cookies = "";
globalThis.document = Object.defineProperty(tab, "cookie", { get: () => cookies });
globalThis.location = new URL("http://server.test/board");
globalThis.addEventListener = page.addEventListener.bind(page);
globalThis.BroadcastChannel = class {
  static posts = [];
  static open = [];
  constructor(name) {
    this.name = name;
    BroadcastChannel.open.push(this);
  }
  postMessage(message) {
    BroadcastChannel.posts.push(structuredClone(message));
  }
  close() {
    BroadcastChannel.open = BroadcastChannel.open.filter((other) => other !== this);
  }
};

// The page's own requests go through the native fetch, which the runtime looks at.
globalThis.fetch = (url, init) => server.fetch(url, init);
const { Server, idle } = await import("./server.mjs");
const server = new Server();
const { configure, mizanCall, registerContext } = await import("@mizan/runtime");
const events = [];
configure({ fetch: server.fetch, onEvent: (event) => events.push(event) });

const user = registerContext("user", { user_id: 5 });
const board = registerContext("board");
user.subscribe(() => {});
board.subscribe(() => {});
await idle();

/** What was fetched again since the last time. */
async function fetched() {
  await idle();
  const paths = server.requests.splice(0).map(({ path }) => path);
  return paths.filter((path) => path.includes("/ctx/")).map((path) => path.split("/")[4]);
}
await fetched();

function becomeVisible() {
  tab.dispatchEvent(new Event("visibilitychange"));
}

function show(persisted) {
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
}

test("the cookie of a redirect is applied once", async () => {
  cookies = "csrftoken=x; mizan_inv_a1=user%3Buser_id%3D5";
  show(false);
  assert.deepEqual(await fetched(), ["user"]);
  show(false);
  assert.deepEqual(await fetched(), []);
  cookies += "; mizan_inv_a2=board";
  show(false);
  assert.deepEqual(await fetched(), ["board"]);
});

test("a cookie that cannot be read invalidates everything", async () => {
  for (const [nonce, value] of [
    ["b1", "%"],
    ["b2", "(user)"],
    ["b3", "user%0Aboard"],
  ]) {
    events.length = 0;
    cookies = `mizan_inv_${nonce}=${value}`;
    show(false);
    assert.deepEqual((await fetched()).sort(), ["board", "user"], value);
    assert.equal(events.filter(({ type }) => type === "error").length, 1, value);
  }
  cookies = "";
});

test("a page that becomes visible, or is online again, looks what is new", async () => {
  becomeVisible();
  assert.deepEqual((await fetched()).sort(), ["board", "user"]);
  tab.hidden = true;
  becomeVisible();
  assert.deepEqual(await fetched(), []);
  tab.hidden = false;
  page.dispatchEvent(new Event("online"));
  assert.deepEqual((await fetched()).sort(), ["board", "user"]);
});

test("a page from the back/forward cache fetches everything again", async () => {
  page.dispatchEvent(new Event("pagehide"));
  assert.equal(BroadcastChannel.open.length, 0, "an open channel would keep it out of there");
  show(true);
  assert.deepEqual((await fetched()).sort(), ["board", "user"]);
  assert.equal(BroadcastChannel.open.length, 1);
});

test("an invalidation goes to the other tabs, and theirs come in without going out again", async () => {
  const { invalidate } = await import("@mizan/runtime");
  BroadcastChannel.posts.length = 0;
  invalidate([{ context: "user", params: { user_id: 5 } }, "*"]);
  assert.deepEqual((await fetched()).sort(), ["board", "user"]);
  const [message] = BroadcastChannel.posts;
  assert.equal(BroadcastChannel.posts.length, 1);
  BroadcastChannel.open[0].onmessage({ data: message });
  assert.deepEqual((await fetched()).sort(), ["board", "user"]);
  assert.equal(BroadcastChannel.posts.length, 1);
});

test("the page's own unsafe requests to the server count, with their header", async () => {
  const answer = (request) => request.answer({}, { headers: { "X-Mizan-Invalidate": "board" } });
  server.routes.set("/form/", answer);
  await fetch("/form/", { method: "POST" });
  assert.deepEqual(await fetched(), ["board"]);
  await fetch("/form/", { method: "get" });
  assert.deepEqual(await fetched(), [], "a stored answer may repeat the header of a safe one");
  configure({ observeFetch: false });
  await fetch("/form/", { method: "POST" });
  assert.deepEqual(await fetched(), []);
  configure({ observeFetch: true });
});

test("the answers of other servers count for nothing", async () => {
  const response = (request) => {
    const answer = new Response("{}", { headers: { "X-Mizan-Invalidate": "board" } });
    Object.defineProperty(answer, "url", { value: "http://elsewhere.test/form/" });
    request.resolve(answer);
  };
  server.routes.set("/form/", response);
  await fetch("http://elsewhere.test/form/", { method: "POST" });
  assert.deepEqual(await fetched(), []);
});

test("an own request that fails fails as it always did", async () => {
  server.routes.set("/form/", (request) => request.cut(new TypeError("fetch failed")));
  await assert.rejects(fetch("/form/", { method: "POST" }), /fetch failed/);
  assert.deepEqual(await fetched(), []);
});

test("the page's own CSRF cookie is not for another origin", async () => {
  cookies = "csrftoken=OWN";
  server.routes.set("/api/mizan/session/", (request) => request.answer({ csrf: "THEIRS" }));
  server.onCall((request) => request.answer({ result: 1, invalidate: [] }));
  configure({ baseUrl: "http://api.test/api/mizan/" });
  await mizanCall("rename");
  assert.equal(server.requests.at(-1).headers.get("X-CSRFToken"), "THEIRS");
  configure({ baseUrl: "/api/mizan/" });
  await mizanCall("rename");
  assert.equal(server.requests.at(-1).headers.get("X-CSRFToken"), "OWN");
  cookies = "";
});

test("a cookie that the server does not heed any more gives way to the token of session/", async () => {
  cookies = "csrftoken=LEFT";
  server.routes.set("/api/mizan/session/", (request) => request.answer({ csrf: "GOOD" }));
  server.onCall((request) => {
    if (request.headers.get("X-CSRFToken") === "GOOD") {
      request.answer({ result: 1, invalidate: [] });
    } else {
      request.problem(403, { type: "urn:mizan:problem:csrf" });
    }
  });
  assert.equal(await mizanCall("rename"), 1);
  cookies = "";
});
