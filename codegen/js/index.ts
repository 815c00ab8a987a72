import { read } from "./document.js";
import { carryOut } from "./folder.js";
import { generator, given, type InnerJob, type Source } from "./generator.js";
import { watchJob } from "./watch.js";

/** A generated file. */
export interface SourceFile {
  /** Its name, without a folder. */
  path: string;
  /** Ends each line with `\n`, on every platform. */
  text: string;
}

/** How the generated code is to be. */
export interface Options {
  /**
   * What imports between the files end with: `js` for Node and TypeScript's `nodenext`, `ts` for
   * Deno. Without it nothing, which is what bundlers resolve.
   */
  extension?: "js" | "ts" | undefined;
  /** One `index.ts`, and not files for each context. Components of a server cannot call what is in it. */
  single?: boolean | undefined;
  /**
   * What dates, UUIDs and decimal numbers are: `branded`, the default, each a type of its own for
   * which no other string passes, or `plain` strings.
   */
  strings?: "branded" | "plain" | undefined;
}

/** A schema document (`manage.py mizan_schema`): its text, the bytes of it, or what it says as JSON. */
export type Schema = string | Uint8Array | object;

/** What to generate where, and from what. */
export interface Job extends Options {
  /** The schema document: a path, or an address that begins with `http://` or `https://`. */
  schema: string;
  /** The folder for the generated files; made if it is missing. */
  out?: string | undefined;
  /** Where to write the manifest for an edge cache. */
  manifest?: string | undefined;
}

/** What has been done: paths, as they were given. */
export interface Changes {
  written: string[];
  removed: string[];
}

/** What became of one state of the schema. */
export type Outcome = Changes | { error: Error };

/** How to watch. */
export interface WatchOptions {
  /** Ends it. */
  signal?: AbortSignal | undefined;
  /** How often to look, in milliseconds. Default 200 for a file, 1,000 for an address. */
  interval?: number | undefined;
}

/**
 * The files for a schema document. Reads and writes nothing.
 *
 * @param name What errors call the document.
 * @throws An `Error` that says what in the document is not as it should be, and where.
 */
export function generate(schema: Schema, options: Options = {}, name = "schema"): SourceFile[] {
  return generator().generate(bytes(schema), name, given(options));
}

/** The text of the manifest for an edge cache. As {@link generate}. */
export function manifest(schema: Schema, name = "schema"): string {
  return generator().manifest(bytes(schema), name);
}

/**
 * Generates, and writes what has changed; removes files of contexts that are gone. Touches no file
 * that the generator has not written.
 */
export async function update(job: Job): Promise<Changes> {
  const inner = innerJob(job);
  return carryOut(await read(inner.schema), inner);
}

/**
 * {@link update} now, and again whenever the schema has changed. An error is one of the outcomes; it
 * goes on after it.
 */
export function watch(
  job: Job,
  options: WatchOptions = {},
): AsyncGenerator<Outcome, void, undefined> {
  return watchJob(innerJob(job), options);
}

function innerJob({ schema, out, manifest, ...options }: Job): InnerJob {
  if (out === undefined && manifest === undefined) {
    throw new TypeError(`Neither out nor manifest is given: nothing to do with ${schema}`);
  }
  const source: Source = /^https?:\/\//.test(schema) ? { url: schema } : { file: schema };
  return { schema: source, out, manifest, options: given(options) };
}

function bytes(schema: Schema): Uint8Array {
  if (schema instanceof Uint8Array) return schema;
  return Buffer.from(typeof schema === "string" ? schema : JSON.stringify(schema));
}
