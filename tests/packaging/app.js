// The app of a stranger: a folder with the shared source, the generated code and what one environment
// needs besides. Above it are the packages that npm has installed, the packed one among them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const sources = fileURLToPath(new URL(".", import.meta.url));
const installed = fileURLToPath(new URL("../../target/packaging", import.meta.url));

/** Where npm has put the packages. */
export const packages = join(installed, "node_modules");

/**
 * The folders of programs that are no scripts. npm's packages `bun`, `deno` and `workerd` would copy them
 * when they are installed; they come in others, one for each system.
 */
const binaries = ["@oven/bun-*/bin", "@deno/*", "@cloudflare/workerd-*/bin"].flatMap(matching);

/** The packed package. */
export const tarball = join(installed, "mizan-runtime.tgz");

/** The files of the packed package. */
export const distribution = join(packages, "@mizan", "runtime", "dist");

/** The text of each wasm module, as it is in the package: the machine, which is the longer one, first. */
const modules = readFileSync(join(distribution, "index.js"), "utf8")
  .match(/"[^"\\]{4000,}"/g)
  .sort((a, b) => b.length - a.length)
  .map((text) => text.slice(1, 200));

/** The folders of packages whose path is like that. */
function matching(pattern) {
  const [scope, name, ...rest] = pattern.split("/");
  return readdirSync(join(packages, scope))
    .filter((found) => found.startsWith(name.replace("*", "")))
    .map((found) => join(packages, scope, found, ...rest));
}

export class App {
  #started = [];

  /**
   * An app in a folder of that name. `environment`: whose files it has. `extension`: what the imports
   * of its source end with.
   */
  static async create(name, { environment = name, extension } = {}) {
    const app = new App();
    app.folder = join(installed, "apps", name);
    rmSync(app.folder, { recursive: true, force: true });
    cpSync(join(sources, "app"), app.folder, { recursive: true });
    if (existsSync(join(sources, "environments", environment))) {
      cpSync(join(sources, "environments", environment), app.folder, { recursive: true });
    }
    const program = join(packages, "@mizan", "runtime", "bin", "mizan-generate.js");
    const generate = ["node", program, "--schema", "../../schema.json", "--out", "mizan"];
    if (extension) {
      generate.push("--extension", extension);
      const endings = { mizan: `/index.${extension}`, note: extension === "ts" ? ".tsx" : ".js" };
      for (const name of ["note.tsx", "draw.tsx"]) {
        const text = readFileSync(join(app.folder, name), "utf8");
        const ended = text.replace(/"\.\/(mizan|note)"/, (_, to) => `"./${to}${endings[to]}"`);
        writeFileSync(join(app.folder, name), ended);
      }
    }
    await app.run(generate);
    return app;
  }

  /** Runs a program of the packages to its end. Resolves with what it printed; fails if it fails. */
  async run(command, { env } = {}) {
    const child = this.#spawn(command, env);
    const output = [];
    const all = [];
    child.stdout.on("data", (text) => output.push(text) && all.push(text));
    child.stderr.on("data", (text) => all.push(text));
    const [code] = await once(child, "close");
    if (code !== 0) {
      throw new Error(`${command.join(" ")} ended with ${code}:\n${Buffer.concat(all)}`);
    }
    return Buffer.concat(output).toString();
  }

  /** Starts a server. Resolves with what the pattern finds in what it prints; `stop()` ends it. */
  async start(command, pattern, { env } = {}) {
    const child = this.#spawn(command, env);
    this.#started.push(child);
    const all = [];
    child.stderr.on("data", (text) => all.push(text));
    for await (const line of createInterface({ input: child.stdout })) {
      all.push(`${line}\n`);
      const [, found] = pattern.exec(line) ?? [];
      if (found) {
        child.stdout.resume();
        return found;
      }
    }
    throw new Error(`${command.join(" ")} ended before it was ready:\n${all.join("")}`);
  }

  /** Ends the servers. */
  async stop() {
    for (const child of this.#started.splice(0)) {
      const exit = once(child, "exit");
      if (child.exitCode === null && child.signalCode === null) {
        child.kill();
        await exit;
      }
    }
  }

  #spawn([program, ...args], env) {
    // What this suite runs under is no concern of what it runs.
    const { NODE_TEST_CONTEXT, NODE_OPTIONS, FORCE_COLOR, ...own } = process.env;
    return spawn(program, args, {
      cwd: this.folder,
      env: {
        ...own,
        PATH: [...binaries, join(packages, ".bin"), own.PATH].join(delimiter),
        NO_COLOR: "1",
        NEXT_TELEMETRY_DISABLED: "1",
        DO_NOT_TRACK: "1",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** The names of the files that a bundler has written below a folder. */
  files(folder) {
    return readdirSync(resolve(this.folder, folder), { recursive: true }).sort();
  }

  /** Those that hold WebAssembly. */
  wasm(folder) {
    return this.files(folder).filter((name) => name.endsWith(".wasm"));
  }

  /** How often each of the two wasm modules is in the scripts below a folder. */
  modules(folder) {
    const texts = this.files(folder)
      .filter((name) => /\.[cm]?js$/.test(name))
      .map((name) => readFileSync(join(this.folder, folder, name), "utf8"))
      .join("\n");
    const [machine, writer] = modules.map((module) => texts.split(module).length - 1);
    return { machine, writer };
  }
}
