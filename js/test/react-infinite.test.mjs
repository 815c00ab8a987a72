// A list that is read page after page: each page is a context of its own, and together they are one list.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { contextKey, invalidate, mizanCall, mizanFetch } from "@mizan/runtime";
import { defineInfinite, defineMutation } from "@mizan/runtime/react";
import { createElement as h } from "react";
import { answerContext, define, fetches, mount, probe, server, settle, user } from "./react.mjs";

/** The rows that the server has, newest first, two to a page, and who it says is asking. */
let rows;
let identity;

const row = (id) => ({ id, text: `row ${id}` });
const ids = ({ items }) => items.map(({ id }) => id).join();

/** A page as a keyset gives it: the rows after the one that the cursor names. */
function pageAfter(cursor) {
  const after = rows.filter(({ id }) => cursor === null || id < Number(cursor));
  const items = after.slice(0, 2);
  return { items, next_cursor: after.length > 2 ? `${items[1].id}` : null };
}

function answerPage(request) {
  const { searchParams } = new URL(request.path, "http://server.test");
  const headers = identity ? { "X-Mizan-Identity": identity } : {};
  request.answer({ rows: pageAfter(searchParams.get("cursor")) }, { headers });
}

/** One page is answered in another way than the others. */
function answerOne(cursor, answer) {
  answerContext(user, (request) =>
    (request.path.includes(`cursor=${cursor}`) ? answer : answerPage)(request),
  );
}

const key = (cursor, params) => contextKey(user, { ...params, cursor });
const insert = (id) => rows.unshift(row(id));
const edit = (id, text) => {
  rows = rows.map((each) => (each.id === id ? { id, text } : each));
};

beforeEach(() => {
  identity = undefined;
  rows = [9, 8, 7, 6, 5].map(row);
});

/** A provider with a component that reads all that there is of a list, of which so many pages are on the page. */
async function list(pages, props = {}, options) {
  const params = Object.keys(props).filter((name) => !/enabled|staleTime|refetch/.test(name));
  const { context, Provider } = define(user, params);
  const useRows = defineInfinite(context, "rows");
  const Rows = probe(() => ({ ...useRows() }));
  answerContext(user, answerPage);
  const page = await mount(h(Provider, props, h(Rows)), options);
  for (let count = 1; count < pages; count++) {
    await settle(() => Rows.state.fetchNextPage());
  }
  return { ...page, Provider, useRows, Rows };
}

const flags = ({ status, error, isRefetching, isStale, hasNextPage, isFetchingNextPage }) => [
  status,
  error?.status,
  ...Object.entries({ isRefetching, isStale, hasNextPage, isFetchingNextPage }).flatMap(
    ([name, value]) => (value ? [name] : []),
  ),
];

/** The status of what a promise was rejected with, when everything has come of it. */
async function failure(action) {
  let status;
  await settle(() => {
    action().catch((error) => {
      status = error.status;
    });
  });
  return status;
}

// -- Page after page -----------------------------------------------------------------------------

test("the first page is the provider's, and each further one is fetched when it is asked for", async () => {
  server.held = true;
  const { Rows } = await list(1);
  assert.deepEqual(Rows.state.items, []);
  assert.deepEqual(flags(Rows.state), ["pending", undefined, "isStale"]);
  server.release();
  await settle();
  assert.equal(ids(Rows.state), "9,8");
  assert.deepEqual(flags(Rows.state), ["success", undefined, "hasNextPage"]);

  server.held = true;
  await settle(() => void Rows.state.fetchNextPage());
  assert.equal(ids(Rows.state), "9,8");
  assert.deepEqual(flags(Rows.state), ["success", undefined, "hasNextPage", "isFetchingNextPage"]);
  server.release();
  await settle();
  assert.equal(ids(Rows.state), "9,8,7,6");
  assert.deepEqual(flags(Rows.state), ["success", undefined, "hasNextPage"]);

  await settle(() => Rows.state.fetchNextPage());
  assert.equal(ids(Rows.state), "9,8,7,6,5");
  assert.deepEqual(flags(Rows.state), ["success", undefined]);
  assert.deepEqual([fetches(user), fetches(key("8")), fetches(key("6"))], [1, 1, 1]);
});

test("the next page is asked for once however often, and none before the first or after the last", async () => {
  server.held = true;
  const { Rows } = await list(1);
  await settle(() => Rows.state.fetchNextPage());
  server.release();
  await settle();
  assert.equal(server.requests.length, 1);
  server.held = true;
  await settle(() => {
    Rows.state.fetchNextPage();
    Rows.state.fetchNextPage();
  });
  await settle(() => void Rows.state.fetchNextPage());
  server.release();
  await settle();
  assert.equal(ids(Rows.state), "9,8,7,6");
  await settle(() => Rows.state.fetchNextPage());
  await settle(() => Rows.state.fetchNextPage());
  assert.equal(ids(Rows.state), "9,8,7,6,5");
  assert.equal(server.requests.length, 3);
});

test("a list whose first page is empty has no items, and no next page", async () => {
  rows = [];
  const { Rows } = await list(1);
  assert.deepEqual(Rows.state.items, []);
  assert.deepEqual(flags(Rows.state), ["success", undefined]);
});

test("the pages have the params of the provider, whatever their text, and begin where it says", async () => {
  const params = { name: "a&b=c?é %", ratio: 1.5, on: true, empty: "", id: 7, cursor: "8" };
  const { Rows } = await list(2, params);
  assert.equal(ids(Rows.state), "7,6,5");
  assert.deepEqual([fetches(key("8", params)), fetches(key("6", params))], [1, 1]);
  assert.equal(server.requests.length, 2);
});

test("other params begin with one page, and so do the first ones when they come back", async () => {
  const { Rows, Provider, render } = await list(2, { id: 1 });
  await render(h(Provider, { id: 2 }, h(Rows)));
  assert.equal(ids(Rows.state), "9,8");
  assert.equal(fetches(key("8", { id: 2 })), 0);
  await render(h(Provider, { id: 1 }, h(Rows)));
  assert.equal(ids(Rows.state), "9,8");
});

test("all readers below a provider share its list, and those below another one have their own", async () => {
  const { Provider, useRows, Rows, render } = await list(1);
  const Other = probe(() => ({ ...useRows() }));
  const Apart = probe(() => ({ ...useRows() }));
  await render([h(Provider, { key: 1 }, h(Rows), h(Other)), h(Provider, { key: 2 }, h(Apart))]);
  await settle(() => Other.state.fetchNextPage());
  assert.deepEqual(
    [Rows, Other, Apart].map(({ state }) => ids(state)),
    ["9,8,7,6", "9,8,7,6", "9,8"],
  );
  assert.equal(Rows.state.items, Other.state.items);
});

test("who leaves and comes back below the same provider sees all pages at once, without a fetch", async () => {
  const { Provider, Rows, render } = await list(3);
  const asked = server.requests.length;
  await render(h(Provider));
  Rows.states.length = 0;
  await render(h(Provider, null, h(Rows)));
  assert.equal(ids(Rows.states[0]), "9,8,7,6,5");
  assert.deepEqual([Rows.states.length, server.requests.length], [1, asked]);
});

test("pages that nobody reads any more are not fetched, and are again when somebody does", async () => {
  const { Provider, Rows, render } = await list(2);
  await render(h(Provider));
  edit(6, "edited");
  await settle(() => invalidate([user]));
  assert.deepEqual([fetches(user), fetches(key("8"))], [2, 1]);
  await render(h(Provider, null, h(Rows)));
  assert.deepEqual([fetches(user), fetches(key("8"))], [2, 2]);
  assert.equal(Rows.state.items[3].text, "edited");
});

test("in StrictMode each page is fetched once", async () => {
  const { Rows } = await list(3, {}, { strict: true });
  assert.equal(ids(Rows.state), "9,8,7,6,5");
  assert.equal(server.requests.length, 3);
});

// -- What a component renders --------------------------------------------------------------------

test("a component renders once for each page, and not for what it does not read", async () => {
  const { Provider, useRows, Rows } = await list(1);
  const Items = probe(() => ({ items: useRows().items }));
  const Button = probe(() => ({ data: useRows().hasNextPage }));
  await mount(h(Provider, null, h(Items), h(Button), h(Rows)));
  const renders = () => [Items.states.length, Button.states.length];
  const before = renders();
  await settle(() => Rows.state.fetchNextPage());
  assert.deepEqual(renders(), [before[0] + 1, before[1]]);
  await settle(() => Rows.state.fetchNextPage());
  assert.deepEqual(renders(), [before[0] + 2, before[1] + 1]);
  await settle(() => invalidate([user]));
  assert.deepEqual(renders(), [before[0] + 2, before[1] + 1], "the same bytes");
});

test("an item that has changed is another object, all others stay, and each component renders once", async () => {
  const { Provider, useRows, Rows } = await list(3);
  const Items = probe(() => ({ items: useRows().items }));
  await mount(h(Provider, null, h(Items), h(Rows)));
  await settle(() => Rows.state.fetchNextPage());
  await settle(() => Rows.state.fetchNextPage());
  const before = Items.state.items;
  Items.states.length = 0;
  edit(6, "edited");
  await settle(() => invalidate([{ context: user, params: { cursor: "8" } }]));
  assert.equal(Items.states.length, 1);
  const after = Items.state.items;
  assert.deepEqual(after[3], { id: 6, text: "edited" });
  assert.deepEqual(
    after.map((item, at) => item === before[at]),
    [true, true, true, false, true],
  );
});

test("the array is the same one as long as nothing in it has changed", async () => {
  const { Rows } = await list(2);
  const { items } = Rows.state;
  answerContext(user, (request) => {
    const { searchParams } = new URL(request.path, "http://server.test");
    request.answer({ rows: { ...pageAfter(searchParams.get("cursor")), count: 5 } });
  });
  await settle(() => Rows.state.refetch());
  assert.equal(Rows.state.items, items);
});

test("an item that has moved to another page is the same object there", async () => {
  const { Rows } = await list(3);
  const before = Rows.state.items;
  insert(10);
  await settle(() => invalidate([user]));
  assert.equal(ids(Rows.state), "10,9,8,7,6,5");
  assert.deepEqual(
    Rows.state.items.slice(1).map((item, at) => item === before[at]),
    Array(5).fill(true),
  );
});

// -- Pages that change ---------------------------------------------------------------------------

for (const [what, change, after] of [
  ["comes at the top", () => insert(10), "10,9,8,7,6,5"],
  ["goes", () => (rows = rows.filter(({ id }) => id !== 9)), "8,7,6,5"],
]) {
  test(`when a row ${what}, the older list is shown until the new one is whole`, async () => {
    const { Rows, unmount } = await list(3);
    Rows.states.length = 0;
    server.held = true;
    change();
    await settle(() => invalidate([user]));
    while (server.waiting.length) {
      assert.equal(ids(Rows.state), "9,8,7,6,5");
      assert.deepEqual(flags(Rows.state).slice(2), ["isRefetching", "isStale"]);
      const request = server.waiting.shift();
      await settle(() => request.aborted || server.handle(request));
    }
    assert.equal(ids(Rows.state), after);
    assert.deepEqual(flags(Rows.state), ["success", undefined]);
    assert.deepEqual([...new Set(Rows.states.map(ids))], ["9,8,7,6,5", after]);
    server.held = false;
    unmount();
  });
}

test("a page that is not part of the list any more is not kept up to date", async () => {
  const { Rows } = await list(2);
  insert(10);
  await settle(() => invalidate([user]));
  assert.equal(ids(Rows.state), "10,9,8,7");
  const asked = fetches(key("8"));
  await settle(() => invalidate([user]));
  assert.deepEqual([fetches(key("8")), fetches(key("9"))], [asked, 2]);
});

test("the next page that is asked for while the list is renewed comes as well", async () => {
  const { Rows } = await list(2);
  server.held = true;
  insert(10);
  await settle(() => invalidate([user]));
  const request = server.waiting.shift();
  await settle(() => server.handle(request));
  assert.equal(ids(Rows.state), "9,8,7,6");
  assert.equal(Rows.state.isFetchingNextPage, false);
  await settle(() => void Rows.state.fetchNextPage());
  assert.equal(Rows.state.isFetchingNextPage, true);
  server.release();
  await settle();
  assert.equal(ids(Rows.state), "10,9,8,7,6,5");
});

test("what changes on a page is shown also while the next page is on its way", async () => {
  const { Rows } = await list(2);
  answerOne("6", () => {});
  await settle(() => void Rows.state.fetchNextPage());
  edit(7, "edited");
  await settle(() => invalidate([{ context: user, params: { cursor: "8" } }]));
  assert.equal(ids(Rows.state), "9,8,7,6");
  assert.equal(Rows.state.items[2].text, "edited");
  assert.equal(Rows.state.isFetchingNextPage, true);
});

test("a list that has become shorter is shown so, and grows again when there is more", async () => {
  const { Rows } = await list(3);
  const [nine, ...others] = rows;
  rows = [nine];
  await settle(() => invalidate([user]));
  assert.equal(ids(Rows.state), "9");
  assert.equal(Rows.state.hasNextPage, false);
  rows = [nine, ...others];
  await settle(() => invalidate([user]));
  assert.equal(ids(Rows.state), "9,8,7,6,5");
});

test("whatever comes and goes, in whatever order it is answered, no state has a row twice or out of order", async () => {
  // A linear congruence: the same numbers in each run.
  let seed = 1;
  const random = (below) => {
    seed = (seed * 48271) % 0x7fff_ffff;
    return seed % below;
  };
  rows = Array.from({ length: 12 }, (_, at) => row(100 - at * 3));
  const { Rows } = await list(3);
  server.held = true;
  for (let step = 0; step < 300; step++) {
    const action = random(6);
    if (action === 0) {
      const id = random(130);
      rows = [...rows.filter((each) => each.id !== id), row(id)].sort((a, b) => b.id - a.id);
      await settle(() => invalidate([user]));
    } else if (action === 1 && rows.length > 3) {
      rows.splice(random(rows.length), 1);
      await settle(() => invalidate([user]));
    } else if (action === 2 && random(4) === 0) {
      await settle(() => void Rows.state.fetchNextPage());
    } else if (server.waiting.length) {
      const [request] = server.waiting.splice(random(server.waiting.length), 1);
      await settle(() => request.aborted || server.handle(request));
    }
  }
  for (const { items } of Rows.states) {
    assert.ok(
      items.every(({ id }, at) => !at || items[at - 1].id > id),
      ids({ items }),
    );
  }
  server.release();
  await settle();
  const shown = rows.slice(0, Rows.state.items.length);
  assert.deepEqual(Rows.state.items, shown, "in the end, what the server has");
  const lists = new Set(Rows.states.map(ids));
  assert.ok(lists.size > 10, `${lists.size} lists`);
  server.held = false;
});

// -- Errors --------------------------------------------------------------------------------------

test("a page that cannot be had leaves the list as it is, and is tried again", async () => {
  const { Rows } = await list(2);
  answerOne("6", (request) => request.problem(500));
  assert.equal(await failure(() => Rows.state.fetchNextPage()), 500);
  assert.equal(ids(Rows.state), "9,8,7,6");
  assert.deepEqual(flags(Rows.state), ["error", 500, "hasNextPage"]);

  answerOne("6", (request) => request.problem(503));
  await settle(() => void Rows.state.fetchNextPage());
  assert.deepEqual(flags(Rows.state), ["error", 503, "hasNextPage"]);
  answerContext(user, answerPage);
  server.held = true;
  await settle(() => {
    Rows.state.fetchNextPage();
    Rows.state.fetchNextPage();
  });
  assert.deepEqual(flags(Rows.state), ["error", 503, "hasNextPage", "isFetchingNextPage"]);
  server.release();
  await settle();
  assert.equal(ids(Rows.state), "9,8,7,6,5");
  assert.deepEqual(flags(Rows.state), ["success", undefined]);
  assert.equal(fetches(key("6")), 3);
});

test("a page on which the function alone has failed is tried again as well", async () => {
  const { Rows } = await list(1);
  answerOne("8", (request) =>
    request.answer({ $errors: { rows: { type: "about:blank", title: "No", status: 500 } } }),
  );
  assert.equal(await failure(() => Rows.state.fetchNextPage()), 500);
  assert.equal(ids(Rows.state), "9,8");
  assert.equal(Rows.state.error.status, 500);
  answerContext(user, answerPage);
  await settle(() => Rows.state.fetchNextPage());
  assert.equal(ids(Rows.state), "9,8,7,6");
  assert.equal(Rows.state.error, undefined);
});

test("a page that cannot be had while the list is renewed leaves the older list, until it is there", async () => {
  const { Rows } = await list(3);
  answerOne("9", (request) => request.problem(500));
  insert(10);
  await settle(() => invalidate([user]));
  assert.equal(ids(Rows.state), "9,8,7,6,5");
  assert.deepEqual(flags(Rows.state), ["error", 500, "isStale"]);
  answerContext(user, answerPage);
  await settle(() => Rows.state.refetch());
  assert.equal(ids(Rows.state), "10,9,8,7,6,5");
  assert.deepEqual(flags(Rows.state), ["success", undefined]);
});

test("a page that is gone is not shown any more, nor is what came after it", async () => {
  const { Rows } = await list(3);
  answerOne("8", (request) => request.problem(404));
  await settle(() => invalidate([user]));
  assert.equal(ids(Rows.state), "9,8");
  assert.equal(Rows.state.error.status, 404);
});

test("a list that is gone says so", async () => {
  const { Rows } = await list(2);
  answerContext(user, (request) => request.problem(410));
  await settle(() => invalidate([user]));
  assert.deepEqual(Rows.state.items, []);
  assert.deepEqual(flags(Rows.state), ["gone", 410, "isStale"]);
});

test("a refetch is one of all pages, and rejects with what is then the error", async () => {
  const { Rows } = await list(3);
  edit(5, "edited");
  await settle(() => Rows.state.refetch());
  assert.equal(Rows.state.items[4].text, "edited");
  assert.equal(server.requests.length, 6);
  answerOne("8", (request) => request.problem(500));
  assert.equal(await failure(() => Rows.state.refetch()), 500);
  assert.equal(Rows.state.error.status, 500);
  assert.equal(ids(Rows.state), "9,8,7,6,5");
});

// -- What a provider says ------------------------------------------------------------------------

test("pages below a provider that is not enabled are fetched by hand, and kept up to date when it is", async () => {
  const { Rows, Provider, render } = await list(1, { enabled: false });
  assert.equal(server.requests.length, 0);
  await settle(() => Rows.state.refetch());
  await settle(() => Rows.state.fetchNextPage());
  assert.equal(ids(Rows.state), "9,8,7,6");
  edit(6, "edited");
  await settle(() => invalidate([user]));
  assert.equal(server.requests.length, 2);
  assert.deepEqual(flags(Rows.state), ["success", undefined, "isStale", "hasNextPage"]);

  await render(h(Provider, { enabled: true }, h(Rows)));
  assert.equal(ids(Rows.state), "9,8,7,6", "as many pages as before");
  assert.equal(Rows.state.items[3].text, "edited");
  assert.equal(server.requests.length, 4);
});

// -- Who -----------------------------------------------------------------------------------------

test("another person sees nothing of the one before", async () => {
  identity = "a";
  const { Rows } = await list(3);
  identity = "b";
  rows = [20, 19, 18, 17].map(row);
  server.held = true;
  await settle(() => invalidate([{ context: user, params: { cursor: "8" } }]));
  const request = server.waiting.shift();
  await settle(() => server.handle(request));
  assert.deepEqual(Rows.state.items, []);
  assert.deepEqual(flags(Rows.state), ["pending", undefined, "isStale"]);
  server.release();
  await settle();
  assert.equal(ids(Rows.state), "20,19,18,17");
});

test("another person whose first page ends elsewhere sees nothing of the one before", async () => {
  identity = "a";
  const { Rows } = await list(3);
  identity = "b";
  rows = [20, 19, 18, 17].map(row);
  server.held = true;
  // The answer that tells of the other person is that of the first page itself.
  await settle(() => void Rows.state.refetch());
  while (server.waiting.length) {
    const request = server.waiting.shift();
    await settle(() => request.aborted || server.handle(request));
    assert.doesNotMatch(ids(Rows.state), /\b[5-9]\b/);
  }
  assert.equal(ids(Rows.state), "20,19,18,17");
  server.held = false;
});

test("who comes back when another person is logged in sees nothing of the one before", async () => {
  identity = "a";
  const { Provider, Rows, render } = await list(2);
  await render(h(Provider));
  identity = "b";
  rows = [20, 19, 18, 17].map(row);
  // Under a cursor that the other one had, there is a page, too.
  await settle(() => invalidate([user]));
  await settle(() => mizanFetch(user, { cursor: "8" }));
  server.held = true;
  await render(h(Provider, null, h(Rows)));
  assert.equal(ids(Rows.state), "20,19");
  server.release();
  await settle();
  assert.equal(ids(Rows.state), "20,19,18,17");
});

// -- Mutations -----------------------------------------------------------------------------------

/** A list of two pages, and a mutation that has put a row on top of it; the page that has a new place waits. */
async function inserted(answer) {
  const { Rows, Provider, useRows, unmount } = await list(2);
  const Change = probe(defineMutation("change", "1"));
  await mount(h(Change));
  server.onCall((request) => request.answer({ result: null, invalidate: [user] }));
  insert(10);
  let waits;
  answerOne("9", (request) => {
    waits = () => answer(request);
  });
  let call;
  await settle(() => {
    call = Change.state.call();
  });
  return { Rows, Provider, useRows, unmount, Change, call, go: () => settle(() => waits()) };
}

test("a mutation is pending until the pages behind a new row are there, and so the row", async () => {
  const { Rows, Change, call, go } = await inserted(answerPage);
  assert.deepEqual([ids(Rows.state), Change.state.isPending], ["9,8,7,6", true]);
  await go();
  await call;
  assert.deepEqual([ids(Rows.state), Change.state.isPending], ["10,9,8,7", false]);
});

test("a mutation is not pending any more when a page behind a new row cannot be had", async () => {
  const { Rows, Change, go } = await inserted((request) => request.problem(500));
  await go();
  assert.deepEqual([ids(Rows.state), Change.state.isPending], ["9,8,7,6", false]);
  assert.equal(Change.state.error, undefined);
});

test("a mutation does not wait for pages that nobody reads any more", async () => {
  const { unmount, Change } = await inserted(answerPage);
  assert.equal(Change.state.isPending, true);
  await unmount();
  assert.equal(Change.state.isPending, false);
});

// -- Patches -------------------------------------------------------------------------------------

/** A call that is not answered until its server is released, with what it shows until then. */
async function patch(update, params) {
  server.held = true;
  const optimistic = [{ context: user, ...(params && { params }), update: { rows: update } }];
  let call;
  await settle(() => {
    call = mizanCall("change", {}, { awaitRefetch: true, optimistic });
  });
  return async (change = () => {}) => {
    change();
    server.onCall((request) => request.answer({ result: null, invalidate: [user] }));
    server.release();
    await settle(() => call);
  };
}

test("what a patch adds at the top of every page is there once, until the server has it", async () => {
  const { Rows } = await list(3);
  const added = { id: 10, text: "soon" };
  const answer = await patch((page) => ({ ...page, items: [added, ...page.items] }));
  assert.equal(ids(Rows.state), "10,9,8,7,6,5");
  Rows.states.length = 0;
  await answer(() => insert(10));
  assert.equal(ids(Rows.state), "10,9,8,7,6,5");
  assert.equal(Rows.state.items[0].text, "row 10");
  assert.deepEqual([...new Set(Rows.states.map(ids))], ["10,9,8,7,6,5"], "it does not flicker");
});

test("what a patch adds to the last page is at the end", async () => {
  const { Rows } = await list(3);
  const added = { id: 1, text: "soon" };
  const answer = await patch((page) =>
    page.next_cursor === null ? { ...page, items: [...page.items, added] } : page,
  );
  assert.equal(ids(Rows.state), "9,8,7,6,5,1");
  await answer(() => rows.push(row(1)));
  assert.equal(ids(Rows.state), "9,8,7,6,5,1");
  assert.equal(Rows.state.items[5].text, "row 1");
});

test("a patch of one page is for that page, and one of all pages finds its item wherever that stands", async () => {
  const { Rows } = await list(3);
  let answer = await patch((page) => ({ ...page, items: [] }), { cursor: "8" });
  assert.equal(ids(Rows.state), "9,8,5");
  await answer();
  assert.equal(ids(Rows.state), "9,8,7,6,5");
  answer = await patch((page) => ({ ...page, items: page.items.filter(({ id }) => id !== 6) }));
  assert.equal(ids(Rows.state), "9,8,7,5");
  await answer();
});

test("an item that has no text can be patched in", async () => {
  const { Rows } = await list(1);
  const added = { id: 10n };
  const answer = await patch((page) => ({ ...page, items: [added, ...page.items] }));
  assert.equal(ids(Rows.state), "10,9,8");
  await answer();
  assert.equal(ids(Rows.state), "9,8");
});
