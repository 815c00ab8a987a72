// Drawing on a server, with the oldest React. In a process of its own, because there is no page.
import "./oldest.mjs";

await import("./react-server.test.mjs");
