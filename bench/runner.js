// `make bench`: runs every library through every suite, each time in a process or page of its own, and
// the libraries in turn. Writes results.json and chart.svg. ONLY="Node bodies" runs what has these words
// in its name, TIMES=1 every part once.
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { chart } from "./chart.js";
import { openChromium } from "./chromium.js";
import { goals } from "./goals.js";
import { libraries, machine } from "./machine.js";
import { inProcess } from "./process.js";
import { weigh } from "./react/bundles.js";
import { pages } from "./react/pages.js";
import { publish } from "./readme.js";
import { results } from "./results.js";
import { print } from "./table.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const IDS = Object.keys(libraries);
const ENTRIES = [100, 1000, 10_000];
const BODIES = [1000, 100_000, 1_000_000];
/** So much room for what is new that nothing is collected. */
const ROOM = ["--max-semi-space-size=2048", "--min-semi-space-size=2048"];

/**
 * What is run how often; a library that takes longer than the limit, in seconds, has not finished. What
 * is counted and not timed runs for two libraries at once.
 */
const PARTS = [
  { suite: "entries", part: "entries", sizes: ENTRIES, times: 3, limit: 8 },
  { suite: "entries", part: "hydration", sizes: ENTRIES, times: 4, limit: 8 },
  {
    suite: "entries",
    part: "heap",
    sizes: ENTRIES,
    flags: ["--expose-gc"],
    counted: true,
    limit: 30,
  },
  { suite: "bodies", part: "bodies", sizes: BODIES, times: 3, limit: 15 },
  { suite: "bodies", part: "floor", sizes: BODIES, times: 3, limit: 20, ids: ["none"] },
  { suite: "bodies", part: "allocations", sizes: BODIES, flags: ROOM, counted: true, limit: 30 },
  { suite: "start", part: "start", sizes: [1], times: 15, limit: 10, ids: ["mizan"] },
  ...Object.entries(pages).map(([part, { n }]) => ({
    suite: "react",
    part,
    sizes: [n],
    times: 5,
    limit: 20,
  })),
];
/** What there is in browsers alone. */
const BROWSED = ["start", "react"];

const words = (process.env.ONLY ?? "").split(/\W+/).filter(Boolean);
const most = Number(process.env.TIMES || Number.POSITIVE_INFINITY);
const begun = new Date();
const load = [loadavg()[0]];
const runs = [];
const unfinished = new Map();
let wrong = 0;

const chromium = words.includes("Node") ? undefined : await openChromium(IDS);
const environments = {
  Node: { run: inProcess },
  Chromium: chromium,
};
const texts = new Map();

for (const { suite, part, sizes, times = 1, limit, flags, counted, ids = IDS } of PARTS) {
  for (const [environment, { run } = {}] of Object.entries(environments)) {
    const name = `${environment} ${suite} ${part}`;
    const here = BROWSED.includes(suite)
      ? environment === "Chromium"
      : environment === "Node" || !counted;
    if (!run || !here || !words.every((word) => name.includes(word))) {
      continue;
    }
    process.stderr.write(`${name}\n`);
    for (let round = 0; round < Math.min(times, most); round++) {
      for (const n of sizes) {
        const jobs = shuffled(ids).map(
          (id) => () => once({ environment, suite, part, id, n, limit, flags, run }),
        );
        await (counted ? Promise.all([worker(jobs), worker(jobs)]) : worker(jobs));
      }
    }
  }
}
await chromium?.close();
for (const library of IDS) {
  if (words.every((word) => "Chromium react bytes".includes(word))) {
    const line = { row: "download, brotli", n: 200, unit: "bytes", value: await weigh(library) };
    runs.push({ environment: "Chromium", suite: "react", library, lines: [line] });
  }
}
load.push(loadavg()[0]);

const found = {
  date: begun.toISOString(),
  seconds: Math.round((Date.now() - begun) / 1000),
  machine: machine(chromium?.version, load),
  libraries,
  ...results(runs),
  unfinished: [...unfinished.values()],
};
found.goals = goals(found);
console.log(print(found));
if (words.length === 0) {
  writeFileSync(`${here}results.json`, `${JSON.stringify(found, null, 1)}\n`);
  writeFileSync(`${here}chart.svg`, chart(found));
  publish(found);
}
process.exitCode = wrong ? 1 : 0;

async function worker(jobs) {
  for (let job = jobs.pop(); job; job = jobs.pop()) {
    await job();
  }
}

/** One library in one part, with one n. */
async function once({ environment, suite, part, id, n, limit, flags, run }) {
  // What has not finished once does not the next time, nor with more.
  const before = [...unfinished.values()].filter((other) => other.library === id && other.n <= n);
  if (
    before.some((other) => other.part === part || (part === "heap" && other.part === "entries"))
  ) {
    return;
  }
  const key = `${id} ${part} ${n}`;
  const note = (why) => unfinished.set(key, { environment, suite, part, library: id, n, why });
  try {
    const text = part === "hydration" ? await textOf(id, n) : undefined;
    const { lines, why } = await run(id, part, n, { limit, flags, text });
    if (why) {
      note(why);
    }
    runs.push({ environment, suite, library: id, lines });
  } catch (error) {
    wrong++;
    note(error.message);
    console.error(`${environment} ${key}: ${error.message}`);
  }
}

/** What a server would have put into the page. */
async function textOf(id, n) {
  const key = `${id}-${n}`;
  if (!texts.has(key)) {
    texts.set(key, await inProcess.text(id, "dehydration", n, 60));
  }
  return texts.get(key);
}

function shuffled(list) {
  return list
    .map((value) => [Math.random(), value])
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}
