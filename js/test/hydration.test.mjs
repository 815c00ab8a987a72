// What a page comes with is taken over without a fetch, as far as it holds (protocol rules S1 and S2).
import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { openPage } from "./page.mjs";
import { idle } from "./server.mjs";

const DATA = {
  schema: "1",
  identity: "a",
  contexts: [
    { context: "user", params: { user_id: 5 }, data: { name: "Ada" } },
    { context: "board", data: { version: 7 } },
  ],
};

/** Everything that the page shows of a context, and what was asked for. */
async function look(page, context, params) {
  const registration = page.registerContext(context, params);
  const before = registration.getSnapshot();
  registration.subscribe(() => {});
  await idle();
  return { registration, before, after: registration.getSnapshot() };
}

for (const [what, source] of [
  ["the window's variable", { data: DATA }],
  ["a script of the page", { script: JSON.stringify(DATA) }],
]) {
  test(`${what} is there before anybody subscribes, and is not fetched`, async () => {
    const page = await openPage({ ...source, schema: "1" });
    for (const [context, params, data] of [
      ["user", { user_id: "5" }, { name: "Ada" }],
      ["board", undefined, { version: 7 }],
    ]) {
      const { before, after } = await look(page, context, params);
      assert.deepEqual(before, {
        data,
        error: undefined,
        status: "success",
        isFetching: false,
        isStale: false,
      });
      assert.equal(after, before);
      assert.deepEqual(await page.mizanFetch(context, params), data);
    }
    assert.deepEqual(page.server.requests, []);
    assert.deepEqual(page.events, []);
  });
}

test("an element of a real document is found by its id, although the window has it as a variable", async () => {
  const page = await openPage();
  const open = (html) => {
    const { window } = new JSDOM(html, { url: "http://server.test/" });
    globalThis.document = window.document;
    globalThis.__MIZAN_SSR_DATA__ = window.__MIZAN_SSR_DATA__;
    return window;
  };
  const script = `<script type="application/json" id="__MIZAN_SSR_DATA__">${JSON.stringify(DATA)}</script>`;
  assert.equal(open(script).__MIZAN_SSR_DATA__.nodeName, "SCRIPT");
  const { before } = await look(page, "board");
  assert.deepEqual(before.data, { version: 7 });
});

for (const element of [
  `<p id="__MIZAN_SSR_DATA__">${JSON.stringify(DATA)}</p>`,
  `<form id="__MIZAN_SSR_DATA__"><input name="contexts"></form>`,
]) {
  test(`what people write into a page is no data: ${element.slice(0, 5)}`, async () => {
    const page = await openPage();
    const { window } = new JSDOM(element, { url: "http://server.test/" });
    globalThis.document = window.document;
    globalThis.__MIZAN_SSR_DATA__ = window.__MIZAN_SSR_DATA__;
    const { before, after } = await look(page, "board");
    assert.deepEqual([before.status, after.data], ["pending", { version: 0 }]);
  });
}

const [LITTLE, MUCH, H2] = [300, 2300, "h2"];
for (const [what, transferSize, encodedBodySize, nextHopProtocol, isStale] of [
  ["Chromium's HTTP cache had", 0, MUCH, "", true],
  ["Firefox's HTTP cache had", 0, MUCH, H2, true],
  ["WebKit's HTTP cache had", 0, 0, "", true],
  ["the server has sent", MUCH, MUCH - LITTLE, H2, false],
  ["the server has said to hold", LITTLE, MUCH, H2, false],
  ["is still coming", 0, 0, H2, false],
]) {
  test(`data of a page that ${what} is ${isStale ? "shown, and fetched again" : "fresh"}`, async (t) => {
    t.mock.method(performance, "getEntriesByType", () => [
      { transferSize, encodedBodySize, nextHopProtocol },
    ]);
    const page = await openPage({ data: DATA });
    const { before, after } = await look(page, "board");
    assert.deepEqual([before.data, before.isStale], [{ version: 7 }, isStale]);
    assert.deepEqual(after.data, { version: isStale ? 0 : 7 });
    assert.equal(page.server.requests.length, Number(isStale));
    await page.mizanFetch("board");
    assert.equal(page.server.requests.length, Number(isStale));
  });
}

test("where a page is from that is still coming is known when all of it is there", async (t) => {
  const navigation = { transferSize: 0, encodedBodySize: 0, nextHopProtocol: "http/1.1" };
  t.mock.method(performance, "getEntriesByType", () => [navigation]);
  const page = await openPage({ data: DATA });
  page.document.readyState = "loading";
  const { registration, after } = await look(page, "board");
  assert.deepEqual([after.data, after.isStale], [{ version: 7 }, false]);
  navigation.nextHopProtocol = "";
  page.fire("DOMContentLoaded");
  assert.deepEqual(registration.getSnapshot().data, { version: 7 });
  await idle();
  assert.deepEqual(registration.getSnapshot().data, { version: 0 });
  assert.equal(page.server.requests.length, 1);
});

test("data of another schema is dropped, and that is told once", async () => {
  const page = await openPage({ data: DATA, schema: "2" });
  const { before, after } = await look(page, "board");
  assert.equal(before.data, undefined);
  assert.deepEqual(after.data, { version: 0 });
  assert.equal(page.told("outdated").length, 1);
  assert.equal((await look(page, "user", { user_id: 5 })).before.data, undefined);
});

test("when the first answer names somebody else, what the page came with is dropped", async () => {
  const page = await openPage({ data: DATA });
  const { registration, before } = await look(page, "board");
  assert.deepEqual(before.data, { version: 7 });
  page.server.routes.set("/api/mizan/ctx/tags/", (request) =>
    request.answer({}, { headers: { "X-Mizan-Identity": "b" } }),
  );
  page.server.held = true;
  const tags = page.mizanFetch("tags");
  await idle();
  page.server.handle(page.server.waiting.shift());
  await tags;
  assert.equal(registration.getSnapshot().data, undefined);
  assert.equal(page.told("identity").length, 1);
  page.server.release();
  await idle();
  assert.deepEqual(registration.getSnapshot().data, { version: 0 });
  assert.equal(page.registerContext("user", { user_id: 5 }).getSnapshot().data, undefined);
});

for (const [what, source] of [
  ["that is cut", { script: '{"contexts": [' }],
  ["whose contexts are no list", { data: { contexts: 5 } }],
  ["with nothing in its list", { data: { contexts: [null] } }],
]) {
  test(`a page ${what} says so once, and works`, async () => {
    const page = await openPage(source);
    const { after } = await look(page, "board");
    assert.deepEqual(after.data, { version: 0 });
    assert.equal(page.told("error").length, 1);
    assert.match(page.told("error")[0].error.message, /__MIZAN_SSR_DATA__/);
  });
}

for (const [what, data] of [
  ["null", null],
  ["nothing", {}],
  ["no contexts", { contexts: [] }],
  ["text", "x"],
]) {
  test(`a page that came with ${what} fetches`, async () => {
    const page = await openPage({ data });
    const { after } = await look(page, "board");
    assert.deepEqual(after.data, { version: 0 });
    assert.deepEqual(page.told("error"), []);
  });
}

for (const [what, bad] of [
  ["an illegal name", { context: "no context", data: {} }],
  ["a name that objects have", { context: "__proto__", data: {} }],
  ["an illegal param", { context: "tags", params: { n: {} }, data: {} }],
  ["no name", { data: {} }],
  ["no data", { context: "tags" }],
  ["data that is null", { context: "tags", data: null }],
  ["data that is text", { context: "tags", data: "x" }],
]) {
  test(`a context with ${what} is told of and fetched when it is asked for; the rest is there`, async () => {
    const [user, board] = DATA.contexts;
    const page = await openPage({ data: { contexts: [user, bad, board] } });
    assert.deepEqual((await look(page, "board")).before.data, { version: 7 });
    assert.deepEqual((await look(page, "user", { user_id: 5 })).before.data, { name: "Ada" });
    assert.deepEqual(page.server.requests, []);
    assert.equal(page.told("error").length, 1);
    assert.match(page.told("error")[0].error.message, /__MIZAN_SSR_DATA__/);
    assert.deepEqual((await look(page, "tags")).after.data, { version: 0 });
  });
}

test("what is invalidated before anybody has looked is fetched", async () => {
  const page = await openPage({ data: DATA });
  page.invalidate(["board"]);
  const { before, after } = await look(page, "board");
  assert.deepEqual([before.data, before.isStale], [{ version: 7 }, true]);
  assert.deepEqual(after.data, { version: 0 });
  assert.equal((await look(page, "user", { user_id: 5 })).after.isStale, false);
});

test("a redirect that has led to the page counts against what it came with", async () => {
  const page = await openPage({ data: DATA, cookie: "mizan_inv_a1=board" });
  const { before, after } = await look(page, "board");
  assert.deepEqual([before.data, before.isStale], [{ version: 7 }, true]);
  assert.deepEqual(after.data, { version: 0 });
  assert.equal(page.fetched("user?user_id=5"), 0);
});

test("what the page's own code has changed before the runtime was used counts, too", async () => {
  const page = await openPage({ data: DATA });
  page.server.routes.set("/form/", (request) =>
    request.answer({}, { headers: { "X-Mizan-Invalidate": "board" } }),
  );
  await fetch("/form/", { method: "POST" });
  await idle();
  const { before, after } = await look(page, "board");
  assert.equal(before.isStale, true);
  assert.deepEqual(after.data, { version: 0 });
});

test("what the page came with is forgotten like anything else, and then fetched", async () => {
  const page = await openPage({ data: DATA });
  const { registration } = await look(page, "board");
  await registration.refetch();
  assert.deepEqual(registration.getSnapshot().data, { version: 0 });
  assert.equal(page.fetched("board"), 1);
});

test("of a context that is there twice the first one counts", async () => {
  const [, board] = DATA.contexts;
  const page = await openPage({ data: { contexts: [board, { ...board, data: { version: 8 } }] } });
  assert.deepEqual((await look(page, "board")).after.data, { version: 7 });
});
