// The same with the oldest React that is supported, in a process of its own for its own clock.
import { register } from "node:module";

register("./react-18.mjs", import.meta.url);
await import("./react-concurrent.test.mjs");
