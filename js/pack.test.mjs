// The text that the wasm is shipped as, and the way back, which is part of the package.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { pack } from "./pack.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { outputFiles } = await build({
  entryPoints: [`${root}js/src/wasm.ts`],
  format: "esm",
  write: false,
});
const { unpack } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);

test("a module that is packed and unpacked is the same", () => {
  for (const name of ["machine", "writer"]) {
    const bytes = new Uint8Array(readFileSync(`${root}target/wasm/${name}.wasm`));
    assert.deepEqual(unpack(pack(bytes)), bytes);
  }
});

test("so are any bytes, whether or not they are instructions", () => {
  let seed = 1;
  for (let length = 0; length < 2000; length++) {
    const bytes = Uint8Array.from({ length: length % 97 }, () => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return seed >>> 24;
    });
    assert.deepEqual(unpack(pack(bytes)), bytes);
  }
});

test("the text is printable and needs no escape", () => {
  const text = pack(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  assert.match(text, /^[ !#-[\]-~]+$/);
});
