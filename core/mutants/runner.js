// Breaks the core on purpose, one mutant of mutants.json at a time, and looks whether its tests notice:
//
//   node core/mutants/runner.js            all of them
//   node core/mutants/runner.js identity   those whose sentence contains this
//
// It works on copies in target/mutants, one for each processor. The last line is read by tests/tally.js.

import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WORK = join(ROOT, "target/mutants");

// What cargo needs to see of the workspace to test the core.
const PARTS = ["Cargo.toml", "Cargo.lock", "core", "src", "codegen", "tests/vectors"];
const NOT_NEEDED = ["core/fuzz", "core/mutants"].map((path) => join(ROOT, path));

// A mutant may go round in circles, and remember each turn.
const SECONDS = 120;
const KILOBYTES = 2 ** 22;

const SUITES = [
  "lib",
  // A folder without a main.rs belongs to another suite.
  ...readdirSync(join(ROOT, "core/tests"))
    .filter((name) => name.endsWith(".rs") || existsSync(join(ROOT, "core/tests", name, "main.rs")))
    .map((name) => name.replace(/\.rs$/, "")),
];

// They take seconds and find what they find by being many. They are run where nothing else notices: a mutant
// that only they kill lacks an example.
const LONG_TESTS = {
  cache: ["exploration::whatever_happens_the_page_shows_the_truth_and_comes_to_rest"],
  fragments: ["exploration::", "lives::"],
};
const LONG_SUITES = ["interleavings"];

const environment = {
  ...process.env,
  // A failure need not be made small.
  PROPTEST_MAX_SHRINK_ITERS: "0",
  // Faster to build, and nobody looks at where a mutant fails.
  CARGO_PROFILE_DEV_DEBUG: "0",
  CARGO_TERM_COLOR: "never",
  RUST_BACKTRACE: "0",
};
delete environment.CARGO_TARGET_DIR;

/** The mutants, each with the text of its file before and after. A place that is not there fails. */
function load() {
  const mutants = JSON.parse(readFileSync(new URL("mutants.json", import.meta.url), "utf8"));
  return mutants.map((mutant) => {
    const { breaks, file, find, replace, suite, survives, ...rest } = mutant;
    const whole = readFileSync(join(ROOT, "core/src", file), "utf8");
    const parts = whole.split(find);
    const wrong = [
      parts.length !== 2 && `its text stands ${parts.length - 1} times in core/src/${file}`,
      !SUITES.includes(suite) && `no suite is named ${suite}`,
      Object.keys(rest).length > 0 && `it has the unknown members ${Object.keys(rest)}`,
    ].filter(Boolean);
    if (wrong.length) throw new Error(`mutants.json, "${breaks}": ${wrong.join("; ")}.`);
    return { breaks, file, suite, survives, whole, broken: parts.join(replace) };
  });
}

/** Runs a command, each line of its output to `see`, which may end it with `stop`; whether it went well. */
function run(command, args, folder, see) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what it starts ends with it.
    const options = { cwd: folder, env: environment, detached: true };
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const stop = () => {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch (error) {
        // It has ended by itself.
        if (error.code !== "ESRCH") throw error;
      }
    };
    const timer = setTimeout(() => {
      see("out of time", stop);
      stop();
    }, SECONDS * 1000);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => see(line, stop));
    }
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

/** Builds one suite: its program, or else what the compiler says. */
async function build(folder, suite) {
  const which = suite === "lib" ? ["--lib"] : ["--test", suite];
  const args = ["test", "-q", "--no-run", "-p", "mizan-core", ...which, "--message-format=json"];
  let program;
  const messages = [];
  const ok = await run("cargo", process.env.CI ? [...args, "--locked"] : args, folder, (line) => {
    if (!line.startsWith("{")) return messages.push(line);
    const { reason, executable, message } = JSON.parse(line);
    if (reason === "compiler-artifact" && executable) program = executable;
    if (message?.level === "error") messages.push(message.rendered);
  });
  return ok ? { program } : { messages };
}

/** What the tests in `folder` say: `{test}` names the first that fails, `{messages}` do not build. */
async function verdict(folder, first) {
  const suites = [first, ...SUITES.filter((other) => other !== first)];
  const long = (suite) => LONG_SUITES.includes(suite);
  const runs = [
    ...suites.filter((suite) => !long(suite)).map((suite) => [suite, skipped(suite)]),
    ...Object.entries(LONG_TESTS),
    ...suites.filter(long).map((suite) => [suite, []]),
  ];
  for (const [suite, args] of runs) {
    const { program, messages } = await build(folder, suite);
    if (!program) return { messages };
    let test;
    const limited = ["-c", `ulimit -v ${KILOBYTES}; exec "$0" "$@"`, program, ...args];
    const ok = await run("sh", limited, join(folder, "core"), (line, stop) => {
      const failed = /^test (\S+).* FAILED$/.exec(line)?.[1] ?? /^out of time$/.exec(line)?.[0];
      if (!failed) return;
      test ??= `${suite}: ${failed}`;
      stop();
    });
    if (!ok) return { test: test ?? `${suite}: a crash` };
  }
  return {};
}

const skipped = (suite) => (LONG_TESTS[suite] ?? []).flatMap((test) => ["--skip", test]);

function copy(folder) {
  const source = (path) => !NOT_NEEDED.includes(path);
  // The folder of what was built stays.
  for (const part of PARTS) {
    rmSync(join(folder, part), { recursive: true, force: true });
    cpSync(join(ROOT, part), join(folder, part), { recursive: true, filter: source });
  }
}

async function judge(folder, { breaks, file, suite, survives, whole, broken }) {
  const path = join(folder, "core/src", file);
  writeFileSync(path, broken);
  const { test, messages } = await verdict(folder, suite);
  writeFileSync(path, whole);
  if (messages) {
    console.log(`DOES NOT BUILD  ${breaks}\n${messages.join("\n")}`);
    return false;
  }
  if (test && survives) {
    console.log(`KILLED AFTER ALL  ${breaks} (${test}) Its reason to survive is none.`);
    return false;
  }
  if (test) console.log(`killed    ${breaks} (${test})`);
  else if (survives) console.log(`survives  ${breaks} ${survives}`);
  else console.log(`SURVIVES  ${breaks} No test notices.`);
  return Boolean(test ?? survives);
}

async function main(words) {
  const mutants = load().filter(({ breaks }) => words.every((word) => breaks.includes(word)));
  if (!mutants.length)
    throw new Error(`The sentence of no mutant has these words: ${words.join(", ")}`);
  const folders = Array.from({ length: availableParallelism() }, (_, at) =>
    join(WORK, `${at + 1}`),
  );
  const [model, ...others] = folders;
  mkdirSync(model, { recursive: true });
  copy(model);
  console.log("The core as it is: building its tests and running them (a minute at first).");
  const sound = await verdict(model, SUITES[0]);
  if (sound.test || sound.messages) {
    throw new Error(
      `The core fails its tests unbroken: ${sound.test ?? sound.messages.join("\n")}`,
    );
  }
  for (const folder of others) {
    mkdirSync(folder, { recursive: true });
    cpSync(join(model, "target"), join(folder, "target"), {
      recursive: true,
      preserveTimestamps: true,
    });
    copy(folder);
  }
  const waiting = [...mutants];
  const outcomes = [];
  const worker = async (folder) => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      outcomes.push(await judge(folder, mutant));
    }
  };
  await Promise.all(folders.map(worker));
  const passed = outcomes.filter(Boolean).length;
  console.log(`mutants: ${passed} passed, ${outcomes.length - passed} failed`);
  process.exitCode = passed < outcomes.length ? 1 : 0;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
