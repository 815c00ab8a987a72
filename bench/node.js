// One library and one suite in a process of its own: `node node.js LIBRARY SUITE N [FILE]`. Prints JSON.
import { readFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";

const [library, suite, n, file] = process.argv.slice(2);
const memories = new Set();

/** What a measurement may ask of the process. */
const tools = {
  text: file && readFileSync(file, "utf8"),
  /** Everything that lives, after what a page does in its first seconds. */
  async occupied() {
    await new Promise((resolve) => setTimeout(resolve, 2500));
    globalThis.gc();
    globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
  /** Everything that was allocated, as long as nothing is collected: the process has room for it. */
  allocated: () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  },
};

// The memory of a WebAssembly module counts as the library's own.
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    memories.add(this.exports.memory);
  }
};
const { occupied } = tools;
tools.occupied = async () => {
  let bytes = await occupied();
  for (const memory of memories) {
    bytes += memory.buffer.byteLength;
  }
  return bytes;
};

const collections = [];
/** Whether garbage was collected between two moments, which are past. */
tools.collected = (from, to) =>
  collections.some(({ startTime }) => from <= startTime && startTime <= to);
new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({
  entryTypes: ["gc"],
});

const [module, name = module] = suite.split(":");
const suites = await import(`./suites/${module}.js`);
const chosen = library === "none" ? {} : await import(`./libraries/${library}.js`);
if (name !== "allocations") {
  tools.allocated = undefined;
}
const run = suites[name === "allocations" ? "bodies" : name];
const rows = await run(chosen, Number(n), tools);
process.stdout.write(typeof rows === "string" ? rows : JSON.stringify(rows), () => process.exit());
