// The site: real Django with django-mizan, in a process of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const own = join(root, ".venv", "bin", "python");
export const PYTHON = process.env.PYTHON ?? (existsSync(own) ? own : "python3");
const TOKEN = "t".repeat(32);

/**
 * Resolves when the site answers. `port`: where. `folder`: of its files. `write(id, text)`: writes a note without any page, as
 * somebody else on another machine does. `settings`: what its settings read from the environment.
 */
export async function startSite(settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), "mizan-site-"));
  const child = spawn(PYTHON, ["serve.py"], {
    cwd: fileURLToPath(new URL("site/", import.meta.url)),
    env: { ...process.env, FOLDER: folder, PYTHONDONTWRITEBYTECODE: "1", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const port = await Promise.race([
    readPort(child.stdout),
    exit.then(([code]) => {
      throw new Error(`serve.py ended with ${code}`);
    }),
  ]);

  return {
    port,
    folder,
    async write(note_id, text) {
      const response = await fetch(`http://127.0.0.1:${port}/api/mizan/call/`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Cookie: `csrftoken=${TOKEN}`,
          "X-CSRFToken": TOKEN,
        },
        body: JSON.stringify({ function: "write", args: { note_id, text } }),
      });
      if (!response.ok) {
        throw new Error(`${response.status}: ${await response.text()}`);
      }
    },
    async stop() {
      child.kill();
      await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function readPort(stdout) {
  for await (const line of createInterface({ input: stdout })) {
    const match = /^Ready: (\d+)$/.exec(line);
    if (match) {
      stdout.resume();
      return Number(match[1]);
    }
  }
  throw new Error("serve.py printed no port");
}
