#!/usr/bin/env node
// Reads and writes files for the generator, which is Rust compiled to wasm: what the arguments mean
// and what is to be written is decided there (codegen/src/command.rs).
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as generator from "../dist/generate/mizan_codegen.js";

const wasm = new URL("../dist/generate/mizan_codegen_bg.wasm", import.meta.url);
generator.initSync({ module: readFileSync(wasm) });

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  let command;
  try {
    command = generator.parse(args);
  } catch (error) {
    process.stderr.write(error.message);
    return 2;
  }
  if (command.do === "print") {
    process.stdout.write(command.text);
    return 0;
  }
  try {
    await run(command);
    return 0;
  } catch (error) {
    process.stderr.write(`mizan-generate: ${error.message}\n`);
    return 1;
  }
}

async function run({ schema, source_name, out, extension }) {
  const document = await attempt("read", source_name, () => readSchema(schema));
  const existing = await attempt("read", out, () => readFolder(out));
  const plan = generator.plan(document, source_name, extension, existing);

  await attempt("make", out, () => mkdirSync(out, { recursive: true }));
  // First, because a file system that does not see case may have the name of a new file for it.
  for (const name of plan.remove) {
    const file = join(out, name);
    await attempt("remove", file, () => rmSync(file));
    console.log(`removed ${file}`);
  }
  for (const { path, text } of plan.write) {
    const file = join(out, path);
    await attempt("write", file, () => writeFileSync(file, text));
    console.log(`wrote ${file}`);
  }
}

async function readSchema(schema) {
  if (schema !== "-") return readFileSync(schema);
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The TypeScript files of a folder, in the order of their names; none if there is no folder. */
function readFolder(folder) {
  let names;
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
  return names
    .filter((name) => /\.tsx?$/.test(name) && isFile(join(folder, name)))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
}

/** A link to nowhere is none. */
function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

async function attempt(action, path, work) {
  try {
    return await work();
  } catch (error) {
    throw new Error(`cannot ${action} ${path}: ${error.message}`, { cause: error });
  }
}
