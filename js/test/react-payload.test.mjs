// A page that a server has drawn with data begins with that data: no complaint, no fetch.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as mizan from "@mizan/runtime";
import { defineInfinite, MizanServer } from "@mizan/runtime/react";
import { createElement as h, Suspense } from "react";
import { renderToString } from "react-dom/server";
import { answerContext, define, fetches, hydrate, probe, server, settle } from "./react.mjs";

const data = {
  schema: "1",
  identity: "a",
  contexts: [
    { context: "person", params: { id: 5 }, data: { name: "Ada" } },
    { context: "person", params: { id: 6 }, data: { name: "Grace" } },
    { context: "late", params: {}, data: { version: 3 } },
  ],
};
const person = define("person", ["id"]);
const Name = probe(() => person.useMember("name"));
const page = (id) => h(person.Provider, { id }, h("p", null, h(Name)));

// What the page comes with is read when the runtime is first used.
const script = document.createElement("script");
script.type = "application/json";
script.id = "__MIZAN_SSR_DATA__";
script.textContent = JSON.stringify(data);
document.head.append(script);

/** As a server does, where there is no page. */
function draw(element) {
  const { document } = globalThis;
  delete globalThis.document;
  try {
    return renderToString(element);
  } finally {
    globalThis.document = document;
  }
}

test("a page drawn by a server is taken over with the script's data", async () => {
  const html = draw(h(MizanServer, { data }, page(5)));
  assert.equal(html, "<p>&quot;Ada&quot;</p>");
  Name.states.length = 0;
  const { first, errors } = await hydrate(html, page(5));
  assert.equal(first.replaceAll('"', "&quot;"), html);
  assert.deepEqual(errors, []);
  assert.equal(fetches("person?id=5"), 0);
  assert.equal(Name.states.length, 1, "one render");
  server.held = false;
  await settle(() => mizan.invalidate([{ context: "person", params: { id: 5 } }]));
  assert.equal(fetches("person?id=5"), 1);
});

test("a part that is taken over after its context has changed is first as it was drawn, and then as it is", async () => {
  const html = draw(h(MizanServer, { data }, page(6)));
  server.routes.set("/api/mizan/ctx/person/", (request) => request.answer({ name: "Hopper" }));
  const registration = mizan.registerContext("person", { id: 6 });
  const leave = registration.subscribe(() => {});
  await settle(() => mizan.invalidate(["person"]));
  assert.equal(registration.getSnapshot().data.name, "Hopper");
  const { container, errors } = await hydrate(html, page(6));
  assert.deepEqual(errors.map(String), []);
  assert.equal(container.textContent, '"Hopper"');
  leave();
});

test("what a server component hands over as data is the cache's beginning, too", async () => {
  const payload = {
    ...data,
    contexts: [{ context: "person", params: { id: 7 }, data: { name: "Karen" } }],
  };
  const element = h(MizanServer, { data: payload }, page(7));
  const { errors, container } = await hydrate(draw(element), element);
  assert.deepEqual(errors, []);
  assert.equal(container.textContent, '"Karen"');
  assert.equal(fetches("person?id=7"), 0);
  assert.deepEqual(await mizan.mizanFetch("person", { id: 7 }), { name: "Karen" });
});

test("what was drawn inside of a boundary is taken over with its data", async () => {
  const late = define("late", []);
  const Version = probe(() => late.useMember("version"));
  const element = h(late.Provider, null, h(Suspense, { fallback: "…" }, h(Version)));
  const html = draw(h(MizanServer, { data }, element));
  assert.match(html, /3/);
  const { container, errors } = await hydrate(html, element);
  assert.deepEqual(errors, []);
  assert.equal(container.textContent, "3");
  assert.equal(fetches("late"), 0);
});

// -- A list that is read page after page ---------------------------------------------------------

const rows = define("rows", ["id"]);
const useRows = defineInfinite(rows.context, "list");
const Rows = probe(() => {
  const { items, hasNextPage, fetchNextPage } = useRows();
  return { data: items, hasNextPage, fetchNextPage };
});
const first = (id) => ({
  schema: "1",
  identity: "a",
  contexts: [
    { context: "rows", params: { id }, data: { list: { items: [9, 8], next_cursor: "8" } } },
  ],
});

test("the first page of a list is taken over with one render and without a fetch", async () => {
  const page = h(MizanServer, { data: first(1) }, h(rows.Provider, { id: 1 }, h(Rows)));
  const html = draw(page);
  assert.equal(html, "[9,8]");
  assert.equal(Rows.state.hasNextPage, true);
  Rows.states.length = 0;
  const { container, errors } = await hydrate(html, page);
  assert.deepEqual(errors, []);
  assert.equal(container.textContent, html);
  assert.equal(Rows.states.length, 1);
  assert.equal(fetches("rows?id=1"), 0);
});

test("a list that has changed since it was drawn is first as it was drawn, and then as it is", async () => {
  const page = h(rows.Provider, { id: 3 }, h(Rows));
  const html = draw(h(MizanServer, { data: first(3) }, page));
  mizan.hydrate(first(3));
  answerContext("rows", (request) =>
    request.answer({ list: { items: [10, 9], next_cursor: null } }),
  );
  const leave = mizan.registerContext("rows", { id: 3 }).subscribe(() => {});
  await settle(() => mizan.invalidate(["rows"]));
  Rows.states.length = 0;
  const { container, errors } = await hydrate(html, page);
  assert.deepEqual(errors, []);
  assert.deepEqual(Rows.states[0].data, [9, 8]);
  assert.equal(container.textContent, "[10,9]");
  leave();
});

test("a part that is taken over when its list has grown is first as it was drawn", async () => {
  answerContext("rows", (request) =>
    request.answer({ list: { items: [7, 6], next_cursor: null } }),
  );
  let wake;
  let part = new Promise((resolve) => {
    wake = resolve;
  });
  const Late = probe(() => ({ data: useRows().items }));
  const Waiting = () => {
    if (part && globalThis.document) {
      throw part;
    }
    return h(Late);
  };
  const page = h(
    MizanServer,
    { data: first(2) },
    h(rows.Provider, { id: 2 }, h(Rows), h(Suspense, { fallback: "" }, h(Waiting))),
  );
  const { container, errors } = await hydrate(draw(page), page);
  await settle(() => Rows.state.fetchNextPage());
  assert.equal(container.textContent, "[9,8,7,6][9,8]");
  part = undefined;
  await settle(wake);
  assert.deepEqual(errors, []);
  assert.equal(container.textContent, "[9,8,7,6][9,8,7,6]");
});

test("when somebody else is logged in, what was drawn for the one before is not the first state of any part", async () => {
  const html = draw(h(MizanServer, { data }, page(5)));
  server.routes.set("/api/mizan/ctx/other/", (request) =>
    request.answer({}, { headers: { "X-Mizan-Identity": "b" } }),
  );
  server.routes.set("/api/mizan/ctx/person/", (request) =>
    request.answer({ name: "Bob" }, { headers: { "X-Mizan-Identity": "b" } }),
  );
  await settle(() => mizan.mizanFetch("other"));
  Name.states.length = 0;
  const { container } = await hydrate(html, page(5));
  assert.ok(Name.states.every(({ data }) => data !== "Ada"));
  assert.equal(container.textContent, '"Bob"');
});
