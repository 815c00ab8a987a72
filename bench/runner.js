// `make bench`: runs every library through every suite, each in processes of its own that take turns, and
// writes results.json and chart.svg. ONLY=node:bodies runs what has these words in its name.
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { react } from "./react/suite.js";
import { results } from "./results.js";
import { print } from "./table.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = fileURLToPath(new URL("../target/bench/", import.meta.url));
const LIBRARIES = ["mizan", "tanstack", "swr", "rtk", "apollo", "urql"];
const ENTRIES = [100, 1000, 10_000];
const BODIES = [1000, 100_000, 1_000_000];

/** Each with how often; a process that takes longer than the limit, in seconds, has not finished. */
const SUITES = [
  { suite: "entries", module: "entries:entries", sizes: ENTRIES, times: 5, limit: 20 },
  { suite: "entries", module: "hydration:hydration", sizes: ENTRIES, times: 7, limit: 20 },
  { suite: "entries", module: "heap:heap", sizes: ENTRIES, times: 1, limit: 60, flags: ["--expose-gc"], together: true },
  { suite: "bodies", module: "bodies:bodies", sizes: BODIES, times: 5, limit: 20 },
  { suite: "bodies", module: "bodies:floor", sizes: BODIES, times: 3, limit: 20, libraries: ["none"] },
  {
    suite: "bodies", module: "bodies:allocations", sizes: BODIES, times: 1, limit: 60,
    flags: ["--max-semi-space-size=2048", "--min-semi-space-size=2048"],
  },
];

const words = (process.env.ONLY ?? "").split(":").filter(Boolean);
const times = Number(process.env.TIMES ?? Infinity);
const run = promisify(execFile);
mkdirSync(target, { recursive: true });

const runs = [];
const failed = new Map();
const libraries = Object.fromEntries(
  await Promise.all(LIBRARIES.map(async (id) => [id, (await import(`./libraries/${id}.js`)).name])),
);

const begun = Date.now();
const plan = SUITES.filter((one) => words.every((word) => `node:${one.suite}:${one.module}`.includes(word)));
for (const { suite, module, sizes, limit, flags = [], libraries = LIBRARIES, together, ...one } of plan) {
  for (let round = 0; round < Math.min(one.times, times); round++) {
    for (const n of sizes) {
      const jobs = shuffle(libraries).map((library) => async () => {
        const id = `${library} ${module} ${n}`;
        if (failed.has(id)) {
          return;
        }
        try {
          const rows = await start(library, module, n, flags, limit);
          runs.push(...rows.map((row) => ({ suite, environment: "Node", library, ...row })));
        } catch (error) {
          fail(id, error);
        }
      });
      if (together) {
        await Promise.all(jobs.map((job) => job()));
      } else {
        for (const job of jobs) {
          await job();
        }
      }
    }
  }
}
if (words.every((word) => "chromium:react".includes(word))) {
  const pages = await react(LIBRARIES, fail, Math.min(10, times));
  runs.push(...pages);
}
const found = results(runs, libraries);
writeFileSync(`${here}results.json`, `${JSON.stringify(found, null, 1)}\n`);
console.log(print(found));
console.log(`${Math.round((Date.now() - begun) / 1000)} s`);

function fail(id, error) {
  failed.set(id, error.message);
  console.error(id, error.message);
}

async function start(library, module, n, flags, limit) {
  let file = [];
  if (module === "hydration:hydration") {
    file = [`${target}${library}-${n}.json`];
    if (!start.written?.has(file[0])) {
      (start.written ??= new Set()).add(file[0]);
      const text = await node(library, "hydration:dehydration", n, [], limit, []);
      writeFileSync(file[0], text);
    }
  }
  return JSON.parse(await node(library, module, n, flags, limit, file));
}

async function node(library, module, n, flags, limit, file) {
  try {
    const { stdout } = await run(
      process.execPath,
      [...flags, `${here}node.js`, library, module, `${n}`, ...file],
      {
        env: { ...process.env, NODE_ENV: "production" },
        timeout: limit * 1000,
        maxBuffer: 2 ** 28,
      },
    );
    return stdout;
  } catch (error) {
    const why = /^\w*Error: .*/m.exec(error.stderr ?? "")?.[0];
    throw new Error(error.killed ? `not within ${limit} s` : (why ?? error.message));
  }
}

function shuffle(list) {
  return list
    .map((value) => [Math.random(), value])
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}
