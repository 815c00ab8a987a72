// What a provider says of time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineInfinite } from "@mizan/runtime/react";
import { createElement as h } from "react";
import { advance } from "./clock.mjs";
import { answerContext, define, fetches, mount, probe, settle, user } from "./react.mjs";

// Nobody sees a page of jsdom.
Object.defineProperty(document, "hidden", { value: false });

test("a provider's interval is asked for, and no longer when it changes", async () => {
  const { Provider, useMember } = define(user, []);
  const Reader = probe(() => useMember("version"));
  const page = (refetchInterval) => h(Provider, { refetchInterval }, h(Reader));
  const { render } = await mount(page(1000));
  assert.equal(fetches(user), 1);
  await settle(() => advance(1000));
  assert.equal(fetches(user), 2);
  await render(page(undefined));
  await settle(() => advance(5000));
  assert.equal(fetches(user), 2);
});

test("a provider's interval is that of every page of a list", async () => {
  const { context, Provider } = define(user, []);
  const useRows = defineInfinite(context, "rows");
  const Rows = probe(() => ({ ...useRows() }));
  answerContext(user, (request) => {
    const next_cursor = request.path.includes("cursor") ? null : "1";
    request.answer({ rows: { items: [next_cursor], next_cursor } });
  });
  await mount(h(Provider, { refetchInterval: 1000 }, h(Rows)));
  await settle(() => Rows.state.fetchNextPage());
  assert.deepEqual(Rows.state.items, ["1", null]);
  await settle(() => advance(1000));
  assert.deepEqual([fetches(user), fetches(`${user}?cursor=1`)], [2, 2]);
});

test("a provider's stale time is that of every page of a list", async () => {
  const { context, Provider } = define(user, []);
  const useRows = defineInfinite(context, "rows");
  const Rows = probe(() => ({ ...useRows() }));
  answerContext(user, (request) => {
    const next_cursor = request.path.includes("cursor") ? null : "1";
    request.answer({ rows: { items: [next_cursor], next_cursor } });
  });
  await mount(h(Provider, { staleTime: 1000 }, h(Rows)));
  await settle(() => Rows.state.fetchNextPage());
  const seen = [];
  for (const age of [999, 1]) {
    await settle(() => {
      advance(age);
      document.dispatchEvent(new window.Event("visibilitychange"));
    });
    seen.push([fetches(user), fetches(`${user}?cursor=1`)]);
  }
  assert.deepEqual(seen, [
    [1, 1],
    [2, 2],
  ]);
});
