// Rendering in slices of time, with the oldest React. In a process of its own, because the clock is everybody's.
import "./oldest.mjs";

await import("./react-concurrent.test.mjs");
