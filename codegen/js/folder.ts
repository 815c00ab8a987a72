// What is there, and what becomes of it.
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Existing, generator, type InnerJob } from "./generator.js";
import type { Changes, SourceFile } from "./index.js";

/** Writes what the schema makes, where that is not there yet. */
export async function carryOut(schema: Uint8Array, job: InnerJob): Promise<Changes> {
  const plan = generator().plan(schema, job, await existing(job));
  const changes: Changes = { written: [], removed: [] };
  const { out, manifest } = job;
  if (out !== undefined) {
    await attempt("make", out, () => mkdir(out, { recursive: true }));
    // First, because a file system that does not see case may have the name of a new file for it.
    for (const name of plan.remove) {
      const path = join(out, name);
      await attempt("remove", path, () => rm(path));
      changes.removed.push(path);
    }
    for (const { path: name, text } of plan.write) {
      const path = join(out, name);
      await attempt("write", path, () => writeFile(path, text));
      changes.written.push(path);
    }
  }
  const text = plan.manifest;
  if (manifest !== undefined && text !== undefined) {
    await attempt("write", manifest, () => writeFile(manifest, text));
    changes.written.push(manifest);
  }
  return changes;
}

export async function existing({ out, manifest }: InnerJob): Promise<Existing> {
  return {
    files: out === undefined ? [] : await attempt("read", out, () => readFolder(out)),
    manifest:
      manifest === undefined ? undefined : await attempt("read", manifest, () => text(manifest)),
  };
}

/** The TypeScript files of a folder, in the order of their names; none if there is no folder. */
async function readFolder(folder: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const path of (await unlessMissing(readdir(folder)))?.sort() ?? []) {
    if (/\.tsx?$/.test(path) && (await isFile(join(folder, path)))) {
      files.push({ path, text: await readFile(join(folder, path), "utf8") });
    }
  }
  return files;
}

/** A link to nowhere is none. */
async function isFile(path: string): Promise<boolean> {
  return (await unlessMissing(stat(path)))?.isFile() ?? false;
}

function text(path: string): Promise<string | undefined> {
  return unlessMissing(readFile(path, "utf8"));
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function attempt<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`cannot ${action} ${path}: ${(error as Error).message}`, { cause: error });
  }
}
