// The React entry where there is no page: a server draws what is pending, and asks nobody.
import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { configure, mizanFetch } from "@mizan/runtime";
import {
  defineBundle,
  defineContext,
  defineMember,
  defineMemberSuspense,
  defineMutation,
  MizanServer,
} from "@mizan/runtime/react";
import { createElement as h, Suspense } from "react";
import * as dom from "react-dom/server";
import { idle, Server } from "./server.mjs";

const { renderToPipeableStream, renderToString } = dom;
// In React 18 only the entry for browsers has it.
const { renderToReadableStream } = dom.renderToReadableStream
  ? dom
  : await import("react-dom/server.browser");

test("a context is pending, nothing is fetched and nothing is worth a warning", async (t) => {
  const server = new Server();
  configure({ fetch: server.fetch });
  const warn = t.mock.method(console, "error", () => {});
  const user = defineContext("user", ["user_id"], "1", "UserProvider");
  const states = [];
  const Reader = () => {
    states.push(defineMember(user, "user_profile")(), defineBundle(user)());
    return "drawn";
  };
  assert.match(renderToString(h(user.Provider, { user_id: 5 }, h(Reader))), /drawn/);
  for (const { refetch, ...state } of states) {
    assert.equal(typeof refetch, "function");
    assert.deepEqual(state, {
      data: undefined,
      error: undefined,
      status: "pending",
      isRefetching: false,
      isStale: true,
    });
  }
  assert.equal(states.length, 2);
  await idle();
  assert.deepEqual(server.paths, []);
  assert.deepEqual(
    warn.mock.calls.map((call) => call.arguments),
    [],
  );
});

test("what one request has fetched is not drawn into the page of another", async () => {
  const server = new Server();
  configure({ fetch: server.fetch });
  const board = defineContext("board", [], "1", "BoardProvider");
  const Version = () => `version ${defineMember(board, "version")().data}`;
  assert.deepEqual(await mizanFetch("board"), { version: 0 });
  assert.equal(renderToString(h(board.Provider, null, h(Version))), "version undefined");
});

test("a mutation is idle", () => {
  const useRename = defineMutation("rename", "1");
  const Button = () => (useRename().isPending ? "pending" : "idle");
  assert.equal(renderToString(h(Button)), "idle");
});

// -- With the data of a request ------------------------------------------------------------------

const person = defineContext("person", ["id"], "1", "PersonProvider");
const Name = () => {
  const { data, status, isRefetching, isStale } = defineMember(person, "name")();
  return `${data} ${status} ${isRefetching} ${isStale}`;
};
const payload = (id, name) => ({
  schema: "1",
  identity: `identity of ${name}`,
  contexts: [{ context: "person", params: { id }, data: { name } }],
});
const pageOf = (id, data) => h(MizanServer, { data }, h(person.Provider, { id }, h(Name)));

test("a page is drawn with its request's data, as the first state of the page will be", () => {
  assert.equal(renderToString(pageOf(1, payload(1, "Ada"))), "Ada success false false");
  assert.equal(renderToString(pageOf(2, payload(1, "Ada"))), "undefined pending false true");
});

test("of 200 requests of two people at a time, none is drawn with the other's data", async () => {
  const pages = Array.from({ length: 200 }, async (_, at) => {
    const name = at % 2 ? "Ada" : "Grace";
    // Suspends in between, so that all of them are under way at the same time.
    let wake;
    const woken = new Promise((resolve) => {
      wake = resolve;
    });
    let awake = false;
    woken.then(() => {
      awake = true;
    });
    const Late = () => {
      if (!awake) {
        throw woken;
      }
      return h(Name);
    };
    const page = h(
      MizanServer,
      { data: payload(7, name) },
      h(person.Provider, { id: 7 }, h(Name), h(Suspense, { fallback: "…" }, h(Late))),
    );
    const stream =
      at % 3
        ? await renderToReadableStream(page)
        : Readable.toWeb(renderToPipeableStream(page).pipe(new PassThrough()));
    setImmediate(wake);
    const html = await new Response(stream).text();
    assert.equal(html.match(/Ada success|Grace success/g).length, 2);
    assert.ok(!html.includes(at % 2 ? "Grace" : "Ada"), html);
  });
  await Promise.all(pages);
});

test("what suspends has no data on a server that was given none: its boundary shows the fallback", async () => {
  const errors = [];
  const Value = () => defineMemberSuspense(person, "name")();
  const page = h(
    MizanServer,
    { data: payload(1, "Ada") },
    h(person.Provider, { id: 1 }, h(Value)),
    h(person.Provider, { id: 2 }, h(Suspense, { fallback: "later" }, h(Value))),
  );
  const stream = await renderToReadableStream(page, {
    onError: (error) => void errors.push(error.message),
  });
  assert.match(await new Response(stream).text(), /^Ada.*later/s);
  assert.deepEqual(errors, ["The server has no data of person?id=2: the page will fetch it"]);
});
