// Error boundaries, with the oldest React. In a process of its own, because the clock is everybody's.
import "./oldest.mjs";

await import("./react-boundaries.test.mjs");
