// What a provider may be told beside its params, and what a hook may select.
import assert from "node:assert/strict";
import { test } from "node:test";
import { contextKey, invalidate, mizanFetch } from "@mizan/runtime";
import { createElement as h } from "react";
import { answerContext, define, fetches, mount, probe, server, settle, user } from "./react.mjs";

test("a provider that is not enabled fetches nothing, shows what others fetch, and begins when it is", async () => {
  const { Provider, useMember } = define(user, []);
  const Reader = probe(() => useMember("version"));
  const page = (enabled) => h(Provider, { enabled }, h(Reader));
  const { container, render } = await mount(page(false));
  assert.equal(fetches(user), 0);
  assert.equal(Reader.state.status, "pending");

  const other = await mount(h(Provider, null));
  assert.equal(container.textContent, "0", "what another provider has fetched");
  other.unmount();
  server.version = 1;
  await settle(() => invalidate([user]));
  assert.equal(container.textContent, "0");
  assert.equal(Reader.state.isStale, true);
  assert.equal(fetches(user), 1, "nobody who is enabled looks at it");

  await render(page(true));
  assert.equal(container.textContent, "1");
  assert.equal(fetches(user), 2);
});

test("a hook below a provider that is not enabled can fetch by hand", async () => {
  const { Provider, useMember } = define(user, []);
  const Reader = probe(() => useMember("version"));
  const { container } = await mount(h(Provider, { enabled: false }, h(Reader)));
  await settle(() => Reader.state.refetch());
  assert.equal(container.textContent, "0");
});

test("what is selected is the data, and nothing renders until that changes", async () => {
  const { Provider, useMember } = define(user, []);
  const select = ({ first }) => first;
  const First = probe(() => useMember("name", select));
  const Inline = probe(() => useMember("name", (name) => name.last));
  let name = { first: "Ada", last: "Lovelace" };
  answerContext(user, (request) => request.answer({ name }));
  await mount(h(Provider, null, h(First), h(Inline)));
  assert.deepEqual([First.state.data, Inline.state.data], ["Ada", "Lovelace"]);
  const renders = [First.states.length, Inline.states.length];

  name = { first: "Ada", last: "King" };
  await settle(() => invalidate([user]));
  assert.equal(Inline.state.data, "King");
  assert.deepEqual([First.states.length, Inline.states.length], [renders[0], renders[1] + 1]);
});

test("what a selection makes anew is made only of a new value", async () => {
  const { Provider, useBundle } = define(user, []);
  let made = 0;
  const select = ({ version }) => {
    made++;
    return [version];
  };
  const Reader = probe(() => useBundle(select));
  await mount(h(Provider, null, h(Reader)));
  const before = Reader.state.data;
  await settle(() => invalidate([user]));
  assert.equal(Reader.state.data, before);
  assert.equal(made, 1);
  server.version = 1;
  await settle(() => invalidate([user]));
  assert.deepEqual(Reader.state.data, [1]);
});

test("a context can be fetched before it is drawn, and is then there at once", async () => {
  const { Provider, useMember } = define(user, ["id"]);
  mizanFetch(user, { id: 5 }).catch(() => {});
  await settle();
  assert.deepEqual(await mizanFetch(user, { id: 5 }), { version: 0 });
  const Reader = probe(() => useMember("version"));
  await mount(h(Provider, { id: 5 }, h(Reader)));
  assert.equal(Reader.states[0].data, 0);
  assert.equal(fetches(contextKey(user, { id: 5 })), 1);
});

test("a prefetch that fails is nobody's error, and whoever draws asks again", async () => {
  const { Provider, useMember } = define(user, []);
  answerContext(user, (request) => request.problem(500));
  mizanFetch(user).catch(() => {});
  await settle();
  server.routes.clear();
  const Reader = probe(() => useMember("version"));
  await mount(h(Provider, null, h(Reader)));
  assert.equal(Reader.state.data, 0);
});
