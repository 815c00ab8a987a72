// A provider's interval, with the oldest React. In a process of its own, because the clock is everybody's.
import "./oldest.mjs";

await import("./react-interval.test.mjs");
