// Runs recipes of make one after the other and sums what their runners report. The last line is
// `N passed, N failed`; the status is 1 if anything failed.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PASSED = ["passed", "pass"];
const FAILED = ["failed", "fail", "error", "errors", "cancelled"];

/** The part of a line that holds counts, if a runner writes it as its summary. */
const SUMMARIES = [
  /^test result: \w+\. (.*)$/, // cargo test, wasm-bindgen-test
  /^=+ (.*) in [\d.]+s\b.*=+$/, // pytest
  /^(?:ℹ|#) ((?:pass|fail|cancelled) \d+)$/, // node --test
  /^(?:fuzz targets|mutants): (.*)$/, // core/fuzz/runner.js, core/mutants/runner.js
];

/** What a line of a runner's output adds. */
export function count(line) {
  const counts = { passed: 0, failed: 0 };
  const summary = SUMMARIES.map((pattern) => pattern.exec(line)?.[1]).find(Boolean) ?? "";
  for (const part of summary.split(/[;,] /)) {
    const number = Number(/\d+/.exec(part)?.[0] ?? 0);
    const word = /[a-z]+/.exec(part)?.[0];
    if (PASSED.includes(word)) counts.passed += number;
    if (FAILED.includes(word)) counts.failed += number;
  }
  return counts;
}

/** Runs one command, each line of its output to `print`: `{passed, failed}`, `why` if it fell short. */
export async function run(command, args, print) {
  const child = spawn(command, args, { stdio: ["inherit", "pipe", "inherit"] });
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code === 0 ? "" : `ended with ${signal ?? code}`));
  });
  const total = { passed: 0, failed: 0 };
  for await (const line of createInterface({ input: child.stdout })) {
    print(line);
    const { passed, failed } = count(line);
    total.passed += passed;
    total.failed += failed;
  }
  return judge(total, await ended);
}

/** A runner that crashed, did not build or ran nothing counts as one failure. */
function judge({ passed, failed }, trouble) {
  if (failed > 0) return { passed, failed };
  if (trouble) return { passed, failed: 1, why: trouble };
  if (passed === 0) return { passed, failed: 1, why: "ran nothing" };
  return { passed, failed };
}

async function main(recipes) {
  const rows = [];
  for (const recipe of recipes) {
    console.log(`\n── make ${recipe}`);
    const start = performance.now();
    const make = [process.env.MAKE ?? "make", ["--no-print-directory", recipe]];
    const result = await run(...make, console.log);
    rows.push({ recipe, ...result, seconds: Math.round((performance.now() - start) / 1000) });
  }

  console.log();
  for (const { recipe, passed, failed, why, seconds } of rows) {
    const counts = `${String(passed).padStart(5)} passed, ${failed} failed${why ? ` (${why})` : ""}`;
    console.log(`${recipe.padEnd(14)} ${counts}, ${seconds} s`);
  }
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = sum("failed") > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
