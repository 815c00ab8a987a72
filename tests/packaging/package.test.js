// What the tarball says of itself, and what others read there.

import assert from "node:assert/strict";
import { lstatSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { App, packages, tarball } from "./app.js";

test("what is tested is a copy of the packed files, and no link to where they come from", () => {
  for (const name of ["@mizan", "@mizan/runtime", "@mizan/runtime/dist"]) {
    assert.ok(lstatSync(join(packages, name)).isDirectory());
  }
});

test("npm installs it alone and without a network, with its command", async () => {
  const app = await App.create("npm");
  writeFileSync(join(app.folder, "package.json"), "{}");
  await app.run(["npm", "install", "--offline", tarball]);
  assert.deepEqual(app.files("node_modules/@mizan"), app.files(join(packages, "@mizan")));
  const version = await app.run(["node_modules/.bin/mizan-generate", "--version"]);
  assert.match(version, /^mizan-generate \d+\.\d+\.\d+\n$/);
  const program = `import { generate } from "@mizan/runtime/generate"; generate("{}");`;
  const refused = app.run(["node", "--input-type=module", "--eval", program]);
  await assert.rejects(refused, /schema: openapi: expected an OpenAPI version 3\.1, found nothing/);
});

test("publint finds nothing wrong with it", async () => {
  const app = await App.create("publint");
  assert.match(await app.run(["publint", "--strict", tarball]), /^All good!$/m);
});

test("attw finds types for every entry, however TypeScript resolves it", async () => {
  const app = await App.create("attw");
  // Modules of WebAssembly have none.
  const without = ["--exclude-entrypoints", "./machine.wasm", "./writer.wasm"];
  const ignored = ["--ignore-rules", "cjs-resolves-to-esm"];
  const report = await app.run(["attw", tarball, "--format=json", ...without, ...ignored]);
  const { analysis } = JSON.parse(report);
  // What runs in Node alone is a module alone: Node 20.19 and later can `require` those. The script runs in pages,
  // and exports nothing.
  assert.deepEqual(
    analysis.problems.map(({ kind, entrypoint }) => [kind, entrypoint]),
    [
      ["CJSResolvesToESM", "./htmx"],
      ["CJSResolvesToESM", "./generate"],
      ["CJSResolvesToESM", "./vite"],
    ],
  );
  assert.deepEqual(Object.keys(analysis.entrypoints), [
    ".",
    "./react",
    "./devtools",
    "./islands",
    "./js",
    "./js/react",
    "./js/devtools",
    "./slim",
    "./testing",
    "./js/testing",
    "./htmx",
    "./generate",
    "./vite",
    "./package.json",
  ]);
});
