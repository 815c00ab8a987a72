// A list that is read page after page: each page is a context of its own, and together they are one list.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { configure, contextKey, invalidate, mizanCall } from "@mizan/runtime";
import { defineInfinite, MizanServer } from "@mizan/runtime/react";
import { createElement as h, useState } from "react";
import { answerContext, define, fetches, mount, probe, server, settle, user } from "./react.mjs";

/** The rows that the server has, newest first, two to a page. */
let rows;

const row = (id) => ({ id, text: `row ${id}` });
const ids = ({ items }) => items.map(({ id }) => id).join();

/** A page as a keyset gives it: the rows after the one that the cursor names. */
function answerPage(request) {
  const cursor = new URL(request.path, "http://server.test").searchParams.get("cursor");
  const after = rows.filter(({ id }) => cursor === null || id < Number(cursor));
  const items = after.slice(0, 2);
  const next_cursor = after.length > 2 ? `${items[1].id}` : null;
  request.answer({ rows: { items, next_cursor } });
}

beforeEach(() => {
  rows = [9, 8, 7, 6, 5].map(row);
  answerContext(user, answerPage);
});

/** A context with a paginated member, a component that reads it, and the keys of its pages. */
function list(params = []) {
  const { context, Provider, useMember } = define(user, params);
  const useRows = defineInfinite(context, "rows");
  return { context, Provider, useMember, useRows, Rows: probe(() => read(useRows())) };
}

/** Everything that the state has, as one who reads all of it. */
const read = (state) => ({ ...state });
const page = (cursor, params = {}) => contextKey(user, { ...params, cursor });

test("the first page is the provider's, each further one is fetched when it is asked for", async () => {
  const { Provider, Rows } = list();
  await mount(h(Provider, null, h(Rows)));
  assert.equal(ids(Rows.state), "9,8");
  assert.equal(Rows.state.hasNextPage, true);
  await settle(() => Rows.state.fetchNextPage());
  assert.equal(ids(Rows.state), "9,8,7,6");
  await settle(() => Rows.state.fetchNextPage());
  assert.equal(ids(Rows.state), "9,8,7,6,5");
  assert.equal(Rows.state.hasNextPage, false);
  assert.deepEqual([fetches(user), fetches(page("8")), fetches(page("6"))], [1, 1, 1]);
});
