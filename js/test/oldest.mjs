// From here on, React is the oldest one that the runtime supports. What draws is imported after this.
import assert from "node:assert/strict";
import { register } from "node:module";

register("./react-18.mjs", import.meta.url);
const { version } = await import("react");
assert.match(version, /^18\./);
