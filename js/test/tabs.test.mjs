// What the other tabs, redirects and the page's own requests say.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openPage } from "./page.mjs";
import { idle } from "./server.mjs";

let page;

async function open(settings) {
  page = await openPage(settings);
  for (const context of ["user", "board"]) {
    page.registerContext(context).subscribe(() => {});
  }
  await fetched();
  page.posts.length = 0;
}

beforeEach(() => open());

/** What was fetched again since the last time. */
async function fetched() {
  await idle();
  const paths = page.server.requests.splice(0).map(({ path }) => path);
  return paths.filter((path) => path.includes("/ctx/")).map((path) => path.split("/")[4]);
}

test("a message has an id, and is applied once, whoever repeats it", async () => {
  page.invalidate(["user"]);
  page.invalidate(["user"]);
  const [first, second] = page.posts;
  assert.deepEqual([first.list, second.list], [["user"], ["user"]]);
  assert.notEqual(first.id, second.id);
  await open();
  page.hear(first);
  assert.deepEqual(await fetched(), ["user"]);
  page.hear(first);
  assert.deepEqual(await fetched(), []);
  page.hear(second);
  assert.deepEqual(await fetched(), ["user"]);
  assert.deepEqual(page.posts, [], "what was heard is not passed on");
});

test("messages without an id all count", async () => {
  page.hear({ list: ["user"] });
  assert.deepEqual(await fetched(), ["user"]);
  page.hear({ list: ["user"] });
  assert.deepEqual(await fetched(), ["user"]);
});

test("a cookie and the message of another tab about it are one invalidation, whichever comes first", async () => {
  page.cookie = "mizan_inv_n1=board";
  page.fire("pageshow", { persisted: false });
  assert.deepEqual(await fetched(), ["board"]);
  page.hear({ list: ["board"], id: "n1" });
  assert.deepEqual(await fetched(), []);
  page.hear({ list: ["board"], id: "n2" });
  assert.deepEqual(await fetched(), ["board"]);
  page.cookie = "mizan_inv_n2=board";
  page.fire("pageshow", { persisted: false });
  assert.deepEqual(await fetched(), []);
});

test("a cookie is passed on, under its nonce, only where the other tabs do not hear of it", async () => {
  page.cookie = "mizan_inv_n1=board";
  page.fire("pageshow", { persisted: false });
  await fetched();
  assert.deepEqual(page.posts, [{ list: ["board"], id: "n1" }]);
  const cookieStore = new EventTarget();
  await open({ cookieStore });
  page.cookie = "mizan_inv_n2=board";
  cookieStore.dispatchEvent(new Event("change"));
  assert.deepEqual(await fetched(), ["board"]);
  assert.deepEqual(page.posts, []);
});

test("what another tab says and nobody can read invalidates everything, or nothing if it is no list", async () => {
  const all = ["board", "user"];
  for (const [list, expected] of [
    [["no context"], all],
    [[5], all],
    [[null], all],
    ["user", all],
    [["*"], all],
    [[{ context: "user", params: { __proto__: null, constructor: "x" } }], []],
    [[], []],
  ]) {
    page.hear({ list, id: `${Math.random()}` });
    assert.deepEqual((await fetched()).sort(), expected, JSON.stringify(list));
  }
});

test("a page that is put away has no channel, and a page that is shown again has one", async () => {
  page.fire("pagehide", {});
  assert.equal(page.channels.length, 0);
  page.invalidate(["user"]);
  assert.deepEqual(page.posts, []);
  page.fire("pageshow", { persisted: true });
  page.fire("pageshow", { persisted: true });
  assert.equal(page.channels.length, 1);
});

/** The page's own request, and what is fetched again because of it. */
async function send(method, url = "/form/", { header = "board", xhr = new XMLHttpRequest() } = {}) {
  page.server.routes.set("/form/", (request) =>
    request.answer({}, { headers: header === null ? {} : { "X-Mizan-Invalidate": header } }),
  );
  xhr.open(method, url);
  await xhr.send();
  return fetched();
}

test("an XMLHttpRequest with an unsafe method counts, wherever on the server it goes", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "post", "QUERY"]) {
    assert.deepEqual(await send(method), ["board"], method);
  }
  for (const url of ["form/", "../form/", "http://server.test/form/?x#y"]) {
    const xhr = new XMLHttpRequest();
    page.server.routes.set("/board/form/", (request) => request.answer({}));
    assert.deepEqual(await send("POST", url, { xhr }), ["board"], url);
  }
  assert.deepEqual(await send("POST", "/form/", { header: null }), []);
  assert.deepEqual((await send("POST", "/form/", { header: "(" })).sort(), ["board", "user"]);
});

test("a safe one does not", async () => {
  for (const method of ["GET", "get", "HEAD", "OPTIONS", "TRACE"]) {
    assert.deepEqual(await send(method), [], method);
  }
});

test("the answers of other origins count for nothing, but those of the runtime's server", async () => {
  assert.deepEqual(await send("POST", "http://elsewhere.test/form/"), []);
  page.configure({ baseUrl: "http://elsewhere.test/api/mizan/" });
  assert.deepEqual(await send("POST", "http://elsewhere.test/form/"), ["board"]);
});

test("a page whose base is another origin asks that one, and has no token for it", async () => {
  page.document.baseURI = "http://elsewhere.test/";
  page.cookie = "csrftoken=OWN";
  page.server.onCall((request) => request.answer({ result: 1, invalidate: [] }));
  await page.mizanCall("rename");
  const { headers } = page.server.requests.at(-1);
  assert.equal(headers.get("X-CSRFToken"), "token-1", "the one of its session endpoint");
});

test("one object that is used again is each time what it is then", async () => {
  const xhr = new XMLHttpRequest();
  assert.deepEqual(await send("POST", "/form/", { xhr }), ["board"]);
  assert.deepEqual(await send("GET", "/form/", { xhr }), []);
  assert.deepEqual(await send("POST", "/form/", { xhr }), ["board"]);
  assert.equal(page.told("invalidate").length, 2);
  xhr.open("POST", "/elsewhere/");
  assert.deepEqual(await send("GET", "/form/", { xhr }), []);
});

test("a request that fails or is given up says nothing, and harms nothing", async () => {
  const xhr = new XMLHttpRequest();
  xhr.open("POST", "/form/");
  page.server.routes.set("/form/", (request) => request.cut());
  await xhr.send();
  xhr.open("POST", "/form/");
  page.server.held = true;
  const sent = xhr.send();
  xhr.abort();
  page.server.release();
  await sent;
  assert.deepEqual(await fetched(), []);
  assert.deepEqual(page.told("error"), []);
});

test("the header of an answer whose body breaks off counts", async () => {
  const broken = (request) => {
    const body = new ReadableStream({ pull: (stream) => stream.error(new TypeError("cut")) });
    request.resolve(new Response(body, { headers: { "X-Mizan-Invalidate": "board" } }));
  };
  page.server.routes.set("/form/", broken);
  const xhr = new XMLHttpRequest();
  xhr.open("POST", "/form/");
  await xhr.send();
  assert.equal(
    xhr.getResponseHeader("X-Mizan-Invalidate"),
    null,
    "in the end there is nothing left of it",
  );
  assert.deepEqual(await fetched(), ["board"]);
  await fetch("/form/", { method: "POST" });
  assert.deepEqual(await fetched(), ["board"]);
});

test("a header that is seen only at the end counts, as where the page waits for the answer", async () => {
  class Waiting extends XMLHttpRequest {
    dispatchEvent(event) {
      return this.readyState === 4 ? super.dispatchEvent(event) : true;
    }
  }
  assert.deepEqual(await send("POST", "/form/", { xhr: new Waiting() }), ["board"]);
});

test("a redirect whose target does not answer has left its cookie all the same", async () => {
  page.cookie = "mizan_inv_n1=board";
  page.server.routes.set("/form/", (request) => request.cut());
  const xhr = new XMLHttpRequest();
  xhr.open("POST", "/form/");
  await xhr.send();
  assert.deepEqual(await fetched(), ["board"]);
});

test("after a fetch, too, the cookies of redirects are looked at", async () => {
  page.server.routes.set("/form/", (request) => request.answer({}));
  page.cookie = "mizan_inv_n1=board";
  await fetch("/form/");
  assert.deepEqual(await fetched(), ["board"]);
});

test("after an XMLHttpRequest the cookies of redirects are looked at, whatever its method", async () => {
  page.cookie = "mizan_inv_n1=board";
  assert.deepEqual(await send("GET", "/form/", { header: null }), ["board"]);
});

test("observeFetch turns it off", async () => {
  page.configure({ observeFetch: false });
  assert.deepEqual(await send("POST"), []);
  page.configure({ observeFetch: true });
  assert.deepEqual(await send("POST"), ["board"]);
});

test("who overrides open itself is called, and what it does counts", async () => {
  const { open } = XMLHttpRequest.prototype;
  const opened = [];
  XMLHttpRequest.prototype.open = function (...args) {
    opened.push(args);
    return open.call(this, "POST", ...args.slice(1));
  };
  assert.deepEqual(await send("GET"), ["board"], "it is a POST in the end");
  assert.deepEqual(opened, [["GET", "/form/"]]);
  class Own extends XMLHttpRequest {
    open(_method, url) {
      super.open("GET", url);
    }
  }
  XMLHttpRequest.prototype.open = open;
  assert.deepEqual(await send("POST", "/form/", { xhr: new Own() }), []);
});

test("open gets all that it is given, and throws as it always did", () => {
  const xhr = new XMLHttpRequest();
  assert.throws(() => xhr.open("POST", "http://["), TypeError);
  xhr.open("PUT", "/form/", true, "user", "secret");
  assert.deepEqual(xhr.opened, ["PUT", "/form/", true, "user", "secret"]);
});

test("a transport that is an XMLHttpRequest does not make a call count twice", async () => {
  page.configure({
    fetch: (url, { method = "GET" } = {}) =>
      new Promise((resolve) => {
        const xhr = new XMLHttpRequest();
        xhr.open(method, url);
        xhr.addEventListener("loadend", () => {
          const headers = { "X-Mizan-Invalidate": "board" };
          resolve(new Response('{"result": 1, "invalidate": []}', { headers }));
        });
        xhr.send();
      }),
  });
  page.server.onCall((request) =>
    request.answer({ result: 1 }, { headers: { "X-Mizan-Invalidate": "board" } }),
  );
  page.server.routes.set("/api/mizan/ctx/board/", (request) => request.answer({}));
  await page.mizanCall("rename");
  assert.deepEqual(await fetched(), ["board"]);
  assert.equal(page.told("invalidate").length, 1);
});
