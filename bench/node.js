// One library and one suite in a process of its own: `node node.js LIBRARY SUITE N [FILE]`. Prints a line
// of JSON for each sample.
import { readFileSync, writeSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";

// It stands for a page: some libraries do less where they take it for a server.
globalThis.window = globalThis;

const [library, suite, n, file] = process.argv.slice(2);
const collections = [];
new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({
  entryTypes: ["gc"],
});

/** What a measurement may ask of the process. */
const tools = {
  text: file && readFileSync(file, "utf8"),
  report: (row, unit, value) =>
    writeSync(1, `${JSON.stringify({ row, n: Number(n), unit, value })}\n`),
  /** All bytes that live, a module's memory among them, after what libraries do in the first seconds. */
  async occupied() {
    await new Promise((resolve) => setTimeout(resolve, 2500));
    globalThis.gc();
    globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
  /** All bytes that were allocated, as long as none are collected: the process has room for many. */
  allocated() {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  },
  /** Whether garbage was collected between two moments that are past. */
  collected: (from, to) =>
    collections.some(({ startTime }) => from <= startTime && startTime <= to),
};

const suites = await import("./suites.js");
const chosen = library === "none" ? undefined : await import(`./libraries/${library}.js`);
const text = await suites[suite](chosen, Number(n), tools);
process.stdout.write(text ?? "", () => process.exit());
