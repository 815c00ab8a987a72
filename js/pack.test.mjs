// The text that the wasm is shipped as, and the way back, which is part of the package.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { CODE, sections, unsigned } from "./binary.mjs";
import { pack } from "./pack.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { outputFiles } = await build({
  entryPoints: [`${root}js/src/inline.ts`],
  bundle: true,
  format: "esm",
  write: false,
});
const { unpack } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);

/** What a module says, however long its numbers for sizes are: its sections, and its functions. */
function contents(module) {
  return [...sections(module)].map(({ id, start, end }) => {
    if (id !== CODE) {
      return [id, [...module.subarray(start, end)]];
    }
    let [count, at] = unsigned(module, start);
    const functions = [];
    for (; count; count--) {
      const [size, body] = unsigned(module, at);
      at = body + size;
      functions.push([...module.subarray(body, at)]);
    }
    assert.equal(at, end);
    return [id, functions];
  });
}

function isSame(module) {
  const unpacked = unpack(pack(module));
  assert.deepEqual(unpacked.subarray(0, 8), module.subarray(0, 8));
  assert.deepEqual(contents(unpacked), contents(module));
}

test("a module that is packed and unpacked is the same", () => {
  for (const name of ["machine", "writer"]) {
    isSame(new Uint8Array(readFileSync(`${root}target/wasm/${name}.wasm`)));
  }
});

/** A module with one function, which has these instructions. */
function moduleOf(...instructions) {
  const body = [1, 1, 0x7f, ...instructions, 0x0b];
  const type = [1, 4, 1, 0x60, 0, 0];
  const code = [10, body.length + 2, 1, body.length, ...body];
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, 3, 2, 1, 0, ...code, 11, 1, 0]);
}

const table = [0x41, 0, 0x0e, 2, 0, 1, 0];
const nested = [0x02, 0x40, 0x03, 0x40, 0x41, 0, 0x04, 0x7f, 0x41, 0, 0x05, 0x41, 1, 0x0b, 0x1a];

for (const [name, instructions] of Object.entries({
  "a local whose index has two bytes": [0x20, 0x80, 1, 0x21, 0, 0x22, 0],
  "blocks and a table of branches": [...nested, ...table, 0x0b, 0x0b],
  "loads, stores and constants": [0x28, 0, 0x84, 0x20, 0x42, 0x7f, 0x37, 0, 4, 0x3f, 0, 0x40, 0],
  "calls, globals and a copy": [0x10, 0, 0x11, 0, 0, 0x23, 0, 0x24, 0x90, 1, 0xfc, 10, 0, 0],
})) {
  test(`so is one with ${name}`, () => {
    isSame(moduleOf(...instructions));
  });
}

test("a module that would not come back as it is is refused", () => {
  assert.throws(() => pack(moduleOf(0x28, 2, 0)), /alignment at 25/);
  assert.throws(() => pack(moduleOf(0x44, 0, 0, 0, 0, 0, 0, 0, 0)), /instruction 68 at 25/);
});

test("the text is printable and needs no escape", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const module = moduleOf();
  assert.match(pack(new Uint8Array([...module, 0, 128, 2, ...bytes])), /^[ !#-[\]-~]+$/);
});
