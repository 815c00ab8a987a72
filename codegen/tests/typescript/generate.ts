// What `@mizan/runtime/generate` lets through and what it does not: each `@ts-expect-error` is an
// error if the line below it compiles.
import { generate, type Job, manifest, type SourceFile, update, watch } from "@mizan/runtime/generate";

export async function use(text: string, bytes: Uint8Array): Promise<void> {
  const files: SourceFile[] = generate(text, { extension: "js", single: true, strings: "plain" });
  generate(text, { dates: "date" });
  // @ts-expect-error no such kind of dates
  generate(text, { dates: "Date" });
  // @ts-expect-error there may be no first one
  files[0].path;
  generate(bytes, { extension: undefined }, "schema.json");
  generate({ openapi: "3.1.0" });
  // @ts-expect-error a schema is needed
  generate();
  // @ts-expect-error no such ending
  generate(text, { extension: "mjs" });
  // @ts-expect-error no such kind of strings
  generate(text, { strings: "Date" });
  // @ts-expect-error a misspelt option
  generate(text, { singel: true });
  const purge: string = manifest(text);

  const job: Job = { schema: "schema.json", out: "src/mizan" };
  const { written, removed } = await update(job);
  // @ts-expect-error a schema is needed
  await update({ out: "src/mizan" });
  for await (const outcome of watch(job, { signal: AbortSignal.timeout(1), interval: 5 })) {
    // @ts-expect-error it may have failed
    outcome.written;
    if ("error" in outcome) outcome.error.message;
    else outcome.removed.length;
  }
  console.log(purge, written, removed);
}
