// The command `mizan-generate`.
import { read } from "./document.js";
import { carryOut, existing } from "./folder.js";
import { generator, type InnerJob } from "./generator.js";
import type { Changes } from "./index.js";
import { watchJob } from "./watch.js";

/** Runs the command, and gives its status. */
export async function main(args: string[]): Promise<number> {
  let command: ReturnType<ReturnType<typeof generator>["parse"]>;
  try {
    command = generator().parse(args);
  } catch (error) {
    process.stderr.write((error as Error).message);
    return 2;
  }
  if (command.do === "print") {
    process.stdout.write(command.text);
    return 0;
  }
  try {
    return await run(command);
  } catch (error) {
    complain(error as Error);
    return 1;
  }
}

async function run(job: InnerJob): Promise<number> {
  if (job.check) {
    const found = generator().differences(await read(job.schema), job, await existing(job));
    if (found) throw new Error(found);
  } else if (job.watch) {
    for await (const outcome of watchJob(job, {})) {
      if ("error" in outcome) complain(outcome.error);
      else report(outcome);
    }
  } else {
    report(await carryOut(await read(job.schema), job));
  }
  return 0;
}

function report({ written, removed }: Changes): void {
  for (const path of removed) console.log(`removed ${path}`);
  for (const path of written) console.log(`wrote ${path}`);
}

function complain(error: Error): void {
  process.stderr.write(`mizan-generate: ${error.message}\n`);
}
