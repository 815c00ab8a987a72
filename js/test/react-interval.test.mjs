// What a provider says of time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement as h } from "react";
import { advance } from "./clock.mjs";
import { define, fetches, mount, probe, settle, user } from "./react.mjs";

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
