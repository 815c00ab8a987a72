// The React entry where there is no page: a server draws what is pending, and asks nobody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { configure, mizanFetch } from "@mizan/runtime";
import { defineContext, defineMutation } from "@mizan/runtime/react";
import { createElement as h } from "react";
import { renderToString } from "react-dom/server";
import { idle, Server } from "./server.mjs";

test("a context is pending, nothing is fetched and nothing is worth a warning", async (t) => {
  const server = new Server();
  configure({ fetch: server.fetch });
  const warn = t.mock.method(console, "error", () => {});
  const { Provider, useMember, useBundle } = defineContext("user", ["user_id"], "1");
  const states = [];
  const Reader = () => {
    states.push(useMember("user_profile"), useBundle());
    return "drawn";
  };
  assert.match(renderToString(h(Provider, { user_id: 5 }, h(Reader))), /drawn/);
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
  const { Provider, useMember } = defineContext("board", [], "1");
  const Version = () => `version ${useMember("version").data}`;
  assert.deepEqual(await mizanFetch("board"), { version: 0 });
  assert.equal(renderToString(h(Provider, null, h(Version))), "version undefined");
});

test("a mutation is idle", () => {
  const useRename = defineMutation("rename", "1");
  const Button = () => (useRename().isPending ? "pending" : "idle");
  assert.equal(renderToString(h(Button)), "idle");
});
