// Generating as often as the schema changes.
import { follow } from "./document.js";
import { carryOut } from "./folder.js";
import type { InnerJob } from "./generator.js";
import type { Outcome, WatchOptions } from "./index.js";

export async function* watchJob(
  job: InnerJob,
  options: WatchOptions,
): AsyncGenerator<Outcome, void, undefined> {
  for await (const document of follow(job.schema, options)) {
    try {
      yield "error" in document ? document : await carryOut(document.bytes, job);
    } catch (error) {
      yield { error: error as Error };
    }
  }
}
