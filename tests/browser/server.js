// Starts a real team board: Django, a seeded database of its own, the built front end.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const READY = /^Mizan demo ready: (http:\/\/\S+)$/;

/** An example: where it is, and which requests its tests count, as they are written there. */
export const REACT = {
  folder: join(root, "examples", "react-app"),
  counted: (line) => line.includes(" /api/mizan/"),
  shown: (line) => line.replace("/api/mizan/", ""),
};
export const HTMX = {
  folder: join(root, "examples", "htmx-app"),
  counted: (line) => !line.includes(" /static/"),
  shown: (line) => line,
};

/** A seeded database in a temporary folder, to start servers from. */
export function seed() {
  const folder = mkdtempSync(join(tmpdir(), "mizan-seed-"));
  const database = join(folder, "db.sqlite3");
  for (const command of ["migrate", "seed"]) {
    execFileSync(...manage(REACT, folder, command, "-v0"));
  }
  return { database, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Resolves when the server answers, with a copy of `database`. `settings` are variables of its environment.
 * `url`: its origin. `mark()`: a function that returns the counted requests since then.
 */
export async function startServer(database, example = REACT, settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), "mizan-server-"));
  copyFileSync(database, join(folder, "db.sqlite3"));
  const [program, args, options] = manage(example, folder, "demo");
  const child = spawn(program, args, { ...options, env: { ...options.env, ...settings } });
  const errors = [];
  child.stderr.on("data", (text) => errors.push(text));
  const exit = once(child, "exit");
  const url = await Promise.race([
    readyUrl(child.stdout),
    exit.then(([code]) => {
      throw new Error(`manage.py demo ended with ${code}:\n${errors.join("")}`);
    }),
  ]);

  return {
    url,
    mark: () => requestsSince(join(folder, "requests.log"), example),
    async stop() {
      child.kill("SIGINT");
      await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Program, arguments and options of a manage.py command whose files are in `folder`. */
function manage(example, folder, ...args) {
  const env = {
    ...process.env,
    DATABASE_URL: "",
    SQLITE_PATH: join(folder, "db.sqlite3"),
    MIZAN_REQUEST_LOG: join(folder, "requests.log"),
    DEMO_LOGINS: "1",
    DEMO_FAULTS: "1",
    DEBUG: "0",
    PORT: "0",
  };
  return [pythonOf(), ["manage.py", ...args], { cwd: example.folder, env }];
}

function pythonOf() {
  const own = join(root, ".venv", "bin", "python");
  return process.env.PYTHON ?? (existsSync(own) ? own : "python3");
}

async function readyUrl(stdout) {
  for await (const line of createInterface({ input: stdout })) {
    const match = READY.exec(line);
    if (match) {
      stdout.resume();
      return match[1];
    }
  }
  throw new Error("manage.py demo printed no address");
}

/**
 * Remembers how much of the log there is; the result reads what came after.
 * A 304 is a 200 whose body the browser had: which of the two depends on what it has cached.
 */
function requestsSince(log, example) {
  const lines = () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : []);
  const before = lines().length;
  return () =>
    lines()
      .slice(before)
      .filter(example.counted)
      .map((line) => example.shown(line).replace(/ 304$/, " 200"))
      .sort();
}
