// Pages that begin with a server's data, with the oldest React. In a process of its own, because the data is read once.
import "./oldest.mjs";

await import("./react-payload.test.mjs");
