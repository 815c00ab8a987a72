// Runs the fuzz targets that cargo has built, as many at once as there are processors:
//
//   node core/fuzz/runner.js <folder of the programs>                   each target for FUZZ_TIME seconds
//   node core/fuzz/runner.js <folder of the programs> header <file>     one input alone, with what it does
//   node core/fuzz/runner.js <folder of the programs> --keep            adds to corpus/ what was found since
//
// What a search finds is in target/fuzz/found and serves the next one; what makes a target fail is in
// target/fuzz/failures. The last line of a search is read by tests/tally.js.

import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { write } from "./seeds.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WORK = join(ROOT, "target/fuzz");

// Short inputs find what long ones do, sooner and readably. A machine's input is many small steps.
const LONGEST = { machine: 512 };
const LIMITS = ["-timeout=10", "-rss_limit_mb=1024"];

const targets = readdirSync(join(HERE, "targets")).map((file) => file.replace(/\.rs$/, ""));

/** The folders of inputs that a target begins with. */
const inputs = (target) =>
  [join(WORK, "seeds", target), join(HERE, "corpus", target)].filter(existsSync);

/** A folder of the target's own below target/fuzz, made where it is not there. */
function folder(what, target) {
  const path = join(WORK, what, target);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Starts one program; its output with how it ended. */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: environment() });
    let output = "";
    const take = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", (error) => resolve({ ok: false, output: `${error.message}\n` }));
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });
}

// The frames are libFuzzer's; the message says what failed and where.
const environment = () => ({ ...process.env, RUST_BACKTRACE: process.env.RUST_BACKTRACE ?? "0" });

async function search(programs, target, seconds) {
  const args = [`-max_total_time=${seconds}`, `-max_len=${LONGEST[target] ?? 256}`, ...LIMITS];
  if (process.env.CI) {
    // The same search each time: what a change breaks is then not mixed up with what luck finds. By what
    // libFuzzer's entropic schedule weighs inputs, two runs of one seed were not the same.
    args.push("-seed=1", "-entropic=0");
  }
  const dictionary = join(HERE, "dictionaries", `${target}.dict`);
  if (existsSync(dictionary)) args.push(`-dict=${dictionary}`);
  args.push("-print_final_stats=1", `-artifact_prefix=${folder("failures", target)}/`);
  const files = inputs(target).flatMap((path) =>
    readdirSync(path)
      .sort()
      .map((name) => join(path, name)),
  );
  // By their names, not as folders: a system lists those as it likes, and then it is another search.
  const list = join(folder("inputs", target), "list");
  writeFileSync(list, files.join());
  args.push(`-seed_inputs=@${list}`, folder("found", target));
  const { ok, output } = await run(join(programs, target), args);
  const executions = Number(/^stat::number_of_executed_units: (\d+)/m.exec(output)?.[1] ?? 0);
  // Without counters it would be a search in the dark.
  const passed = ok && executions > 0 && output.includes("inline 8-bit counters");
  console.log(
    `${target.padEnd(8)} ${passed ? "ok" : "FAILED"}, ${executions.toLocaleString("en")} executions, ` +
      `${files.length} inputs to begin with`,
  );
  if (!passed) {
    const input = /Test unit written to (.*)/.exec(output)?.[1];
    console.log(output.slice(Math.max(0, output.search(/^thread .* panicked at|^==\d+== ERROR/m))));
    if (input)
      console.log(`Once more: make fuzz FUZZ_TARGET=${target} FUZZ_INPUT=${relative(ROOT, input)}`);
  }
  return passed;
}

async function all(programs) {
  const seconds = Number(process.env.FUZZ_TIME || 10);
  if (!(seconds > 0))
    throw new Error(`FUZZ_TIME=${process.env.FUZZ_TIME} is no number of seconds.`);
  const waiting = [...targets];
  const outcomes = [];
  const worker = async () => {
    for (let target = waiting.shift(); target; target = waiting.shift()) {
      outcomes.push(await search(programs, target, seconds));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  const passed = outcomes.filter(Boolean).length;
  console.log(`fuzz targets: ${passed} passed, ${outcomes.length - passed} failed`);
  process.exitCode = passed < outcomes.length ? 1 : 0;
}

/** The smallest set of inputs that reaches all that is reached, but for what the seeds reach. */
async function keep(programs) {
  for (const target of targets) {
    const seeds = join(WORK, "seeds", target);
    const merged = folder("merged", target);
    rmSync(merged, { recursive: true });
    mkdirSync(merged);
    if (existsSync(seeds)) cpSync(seeds, merged, { recursive: true });
    const from = [join(HERE, "corpus", target), folder("found", target)].filter(existsSync);
    const longest = `-max_len=${LONGEST[target] ?? 256}`;
    const { ok, output } = await run(join(programs, target), [
      "-set_cover_merge=1",
      "-use_counters=0",
      longest,
      merged,
      ...from,
    ]);
    if (!ok) throw new Error(`${target} fails on what it has found: make fuzz\n${output}`);
    const corpus = join(HERE, "corpus", target);
    rmSync(corpus, { recursive: true, force: true });
    mkdirSync(corpus, { recursive: true });
    const kept = readdirSync(merged).filter((name) => !existsSync(join(seeds, name)));
    for (const name of kept) cpSync(join(merged, name), join(corpus, name));
    const bytes = kept.reduce((sum, name) => sum + statSync(join(corpus, name)).size, 0);
    console.log(
      `${target.padEnd(8)} ${kept.length} inputs kept, ${bytes.toLocaleString("en")} bytes`,
    );
  }
}

async function main([programs, target, input]) {
  write(join(WORK, "seeds"));
  if (!target) return all(programs);
  if (target === "--keep") return keep(programs);
  if (!targets.includes(target))
    throw new Error(`No target is named ${target}: ${targets.join(", ")}`);
  if (!input) throw new Error(`FUZZ_INPUT= says which file ${target} is to be run with.`);
  const options = { stdio: "inherit", env: { ...environment(), FUZZ_PRINTS: "1" } };
  process.exitCode = spawnSync(join(programs, target), [...LIMITS, input], options).status ?? 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
