// Islands, with the oldest React.
import "./oldest.mjs";

await import("./islands.test.mjs");
