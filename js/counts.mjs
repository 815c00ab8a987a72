// What operations of the runtime cost, counted and not timed: `make counts` prints it, `WRITE=1` keeps it
// in counts.json, and counts.test.mjs holds it there. The package as it is built, in one process that
// serves one person, against a server that answers at once.
//
// By operation and number of entries, for one of them each: `calls` into WebAssembly, `instructions` there
// and, where nothing is fetched and there are many, `bytes` of JavaScript objects in a process that does not
// optimise.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { meter } from "./meter.mjs";

const own = fileURLToPath(import.meta.url);
const file = fileURLToPath(new URL("counts.json", import.meta.url));

export const SIZES = [100, 1_000, 10_000];

/** `{[operation]: {[entries]: {calls, instructions, bytes}}}`. */
export function measure() {
  const flags = ["--no-opt", "--no-sparkplug", "--max-semi-space-size=512", "--expose-gc"];
  const counts = {};
  for (const size of SIZES) {
    const options = { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } };
    const text = execFileSync(process.execPath, [...flags, own, `${size}`], options);
    for (const [operation, count] of Object.entries(JSON.parse(text))) {
      counts[operation] = { ...counts[operation], [size]: count };
    }
  }
  return counts;
}

/** What was kept. */
export function kept() {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** What one page with so many entries does, by operation; in this process, which must be a new one. */
async function visit(size) {
  const read = meter();
  const { configure, invalidate, mizanCall, mizanFetch, registerContext } = await import(
    "@mizan/runtime"
  );
  const ids = Array.from({ length: size }, (_, id) => id);
  const one = { context: "user", params: { user_id: 1 } };
  const init = { headers: { "Content-Type": "application/json" } };
  let version = 0;
  configure({
    cache: true,
    fetch: async (url) => {
      const id = /user_id=(\d+)/.exec(url)?.[1];
      const answer = id ? { user: { id, version } } : { result: null, invalidate: [one] };
      return new Response(JSON.stringify(answer), init);
    },
  });

  const register = (user_id) => registerContext("user", { user_id }, { gcTime: 0 });
  const registrations = ids.map(register);
  const isNew = (registration) => registration.getSnapshot().data?.user.version === version;
  const counts = {};
  /** Counts for each of `times` what happens until `act` is done, and until the values are there. */
  const count = async (operation, times, act, fetched = []) => {
    version += fetched.length && 1;
    gc();
    read();
    const before = process.memoryUsage().heapUsed;
    const result = act();
    const bytes = process.memoryUsage().heapUsed - before;
    const later = fetched.length || result instanceof Promise;
    await result;
    while (!fetched.every(isNew)) {
      await wait(0);
    }
    const { calls, instructions } = read();
    const each = (sum) => Math.round(sum / times);
    counts[operation] = {
      calls: Math.round((calls / times) * 10) / 10,
      instructions: each(instructions),
      ...(!later && times === SIZES.at(-1) && { bytes: each(bytes) }),
    };
    return result;
  };

  const subscribe = () => registrations.map((registration) => registration.subscribe(() => {}));
  const unsubscribe = await count("subscribe and fetch", size, subscribe, registrations);
  await count("look up", size, () => ids.map(register));
  await count("read a snapshot", size, () => {
    registrations.every((registration) => registration.getSnapshot());
  });
  await count("read what is fresh", 1, () => mizanFetch("user", one.params));
  await count("invalidate one", 1, () => invalidate([one]), [registrations[1]]);
  await count("call", 1, () => mizanCall("rename"), [registrations[1]]);
  await count("invalidate all", size, () => invalidate(["user"]), registrations);
  await count("unsubscribe", size, () => {
    for (const leave of unsubscribe) {
      leave();
    }
  });
  await count("let go of", size, () => wait(1));
  assert.ok(registrations.every((registration) => !registration.getSnapshot().data));
  return counts;
}

function print(counts) {
  const rows = Object.entries(counts).flatMap(([operation, sizes]) =>
    SIZES.map((size) => ({ operation, entries: size, ...sizes[size] })),
  );
  console.table(rows);
}

if (process.argv[1] === own) {
  const [size] = process.argv.slice(2);
  if (size) {
    console.log(JSON.stringify(await visit(Number(size))));
    process.exit();
  }
  const counts = measure();
  print(counts);
  if (process.env.WRITE === "1") {
    writeFileSync(file, `${JSON.stringify(counts, null, 2)}\n`);
    console.log(`wrote ${file}`);
  }
}
