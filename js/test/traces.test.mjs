// The traces of the cache machine through the machine that the package carries. Their format:
// tests/vectors/README.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertTraces } from "./cases.mjs";
import { wrapInstances } from "./instance.mjs";
import { play } from "./trace.mjs";

let create;
wrapInstances((first) => {
  create = first;
  return create();
});
const { contextKey } = await import("@mizan/runtime");
contextKey("user");

test("the traces of cache.json", () => {
  assertTraces("cache.json", "C", (each) => play(create, each));
});

test("a case that is not of the format is refused", () => {
  const step = { at: 0, input: { read: { entry: "user" } }, outputs: [] };
  const trace = { id: "C1", name: "", steps: [step] };
  assert.equal(play(create, trace).length, 1);
  const wrong = [
    { ...trace, more: 1 },
    { ...trace, steps: [] },
    { ...trace, steps: [{ ...step, more: 1 }] },
    ...[
      "ticks",
      "toString",
      { tick: {} },
      { read: { entry: "user", more: 1 } },
      { read: {} },
      { read: { entry: "user" }, tick: null },
      { visible: 1 },
      { unread: { entry: "user" } },
      { fetched: { entry: "user", fetch: 1, status: 200 } },
    ].map((input) => ({ ...trace, steps: [{ ...step, input }] })),
    { ...trace, steps: [{ ...step, at: 1 }, step] },
  ];
  for (const each of wrong) {
    assert.throws(() => play(create, each), Error, JSON.stringify(each));
  }
});
