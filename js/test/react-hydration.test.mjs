// A page that a server has drawn is taken over as it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineMutation } from "@mizan/runtime/react";
import { createElement as h } from "react";
import { renderToString } from "react-dom/server";
import { define, hydrate, server, settle, user } from "./react.mjs";

test("the first client state is the server's: no complaint, and then one fetch", async () => {
  server.held = true;
  const { Provider, useMember } = define(user, ["user_id"]);
  const useRename = defineMutation("rename", "1");
  const Reader = () => {
    const { data, status, isRefetching, isStale } = useMember("version");
    const { isPending } = useRename();
    return h("p", null, [data, status, isRefetching, isStale, isPending].join(" "));
  };
  const page = h(Provider, { user_id: 5 }, h(Reader));
  const html = renderToString(page);
  assert.equal(html, "<p> pending false true false</p>");
  const { container, first, errors } = await hydrate(html, page);
  assert.equal(first, html);
  const [node] = container.childNodes;
  assert.deepEqual(errors, []);
  assert.equal(server.requests.length, 1);
  server.release();
  await settle();
  assert.equal(container.textContent, "0 success false false false");
  assert.equal(container.firstChild, node, "the element that the server has sent");
});

test("a part that is taken over when its data is already there does not complain either", async () => {
  const { Provider, useMember } = define(user, []);
  const Reader = () => h("p", null, String(useMember("version").data));
  const page = h(Provider, null, h(Reader));
  const html = renderToString(page);
  await hydrate(html, page);
  assert.equal(renderToString(page), html, "what is cached is not drawn for whoever asks next");
  const { container, errors } = await hydrate(html, page);
  assert.deepEqual(errors.map(String), []);
  assert.equal(container.textContent, "0");
  assert.equal(server.requests.length, 1);
});
