// The tests of the React entry once more, with the oldest React that it supports. Those that want a process of
// their own have a file of their own.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./oldest.mjs";

await import("./react.test.mjs");
await import("./react-calls.test.mjs");
await import("./react-hydration.test.mjs");
await import("./react-mutations.test.mjs");
await import("./react-options.test.mjs");
await import("./react-renders.test.mjs");
await import("./react-states.test.mjs");
await import("./react-suspense.test.mjs");
await import("./react-infinite.test.mjs");

test("React 18 it is", async () => {
  const { version } = await import("react");
  const dom = await import("react-dom");
  assert.match(version, /^18\./);
  assert.equal(dom.version, version);
});
