// The tests of the React entry once more, with the oldest React that it supports.
import assert from "node:assert/strict";
import { register } from "node:module";
import { test } from "node:test";

register("./react-18.mjs", import.meta.url);

const react = await import("react");
const dom = await import("react-dom");
await import("./react.test.mjs");
await import("./react-states.test.mjs");
await import("./react-mutations.test.mjs");
await import("./react-hydration.test.mjs");
await import("./react-options.test.mjs");
await import("./react-suspense.test.mjs");
await import("./react-infinite.test.mjs");

test("React 18 it is", () => {
  assert.match(react.version, /^18\./);
  assert.equal(dom.version, react.version);
});
