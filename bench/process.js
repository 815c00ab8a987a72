// Runs one part of the benchmark in a process of Node.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("node.js", import.meta.url));

/** The samples, also those of a process that was stopped because its time was over; then `why`. */
export async function inProcess(library, part, n, { limit, flags = [], text }) {
  const folder = text === undefined ? undefined : mkdtempSync(join(tmpdir(), "bench-"));
  const files = folder ? [join(folder, "text")] : [];
  for (const file of files) {
    writeFileSync(file, text);
  }
  try {
    const { output, why } = await run([...flags, program, library, part, `${n}`, ...files], limit);
    const lines = output.split("\n").slice(0, -1);
    return { lines: lines.map((line) => JSON.parse(line)), why };
  } finally {
    if (folder) {
      rmSync(folder, { recursive: true });
    }
  }
}

/** The text that a part gives back. */
inProcess.text = async (library, part, n, limit) => {
  const { output, why } = await run([program, library, part, `${n}`], limit);
  if (why) {
    throw new Error(why);
  }
  return output;
};

function run(args, limit) {
  const options = {
    env: { ...process.env, NODE_ENV: "production" },
    timeout: limit * 1000,
    maxBuffer: 2 ** 28,
  };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, output, said) => {
      if (!error) {
        resolve({ output });
      } else if (error.killed) {
        resolve({ output, why: `not within ${limit} s` });
      } else {
        reject(new Error(/^\w*Error: .*/m.exec(said)?.[0] ?? error.message));
      }
    });
  });
}
