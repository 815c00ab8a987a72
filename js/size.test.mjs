import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { rooms } from "./functions.mjs";
import {
  bundle,
  CEILING,
  measure,
  measureEntries,
  measureGenerated,
  measurePublished,
  PAGE,
  published,
} from "./size.mjs";

// Another release of rustc or of Node's brotli writes or packs the wasm a little differently.
const SLACK = 64;

const rows = await measure();

test("a page downloads at most 14,000 bytes", () => {
  assert.equal(CEILING, 14_000);
  const { brotli } = rows.at(-1);
  assert.ok(brotli <= CEILING, `${brotli} bytes of brotli`);
});

for (const { name, brotli, ceiling } of await measureEntries()) {
  test(`${name} is at most ${ceiling} bytes`, () => {
    assert.ok(brotli <= ceiling, `${brotli} bytes of brotli`);
  });
}

test("the devtools that a page loads while it is developed are not in what it downloads", async () => {
  const load = (when) => `${PAGE};
    if (${when}) import("@mizan/runtime/devtools").then(({ mountDevtools }) => mountDevtools());`;
  const page = await bundle(PAGE);
  assert.equal(await bundle(load("import.meta.env.DEV")), page);
  assert.notEqual(await bundle(load("true")), page);
});

test("a page without islands downloads nothing of them", async () => {
  const page = await bundle(PAGE);
  assert.equal(await bundle(`import "@mizan/runtime/islands"; ${PAGE}`), page);
  assert.notEqual(
    await bundle(`export { mountIslands } from "@mizan/runtime/islands"; ${PAGE}`),
    page,
  );
});

test("a function of the server is at most 40 bytes of generated code, and 80 with all that is exported for it", async () => {
  const [usual, all] = await measureGenerated();
  assert.ok(usual.raw > 10 && usual.raw <= 40, `${usual.name}: ${usual.raw}`);
  assert.ok(all.raw > usual.raw && all.raw <= 80, `${all.name}: ${all.raw}`);
});

test("every room weighs something, and together they are the page", () => {
  const page = rows.at(-1);
  for (const unit of ["raw", "gzip", "brotli"]) {
    const rooms = rows.slice(0, -1).map((row) => row[unit]);
    assert.ok(
      rooms.every((bytes) => bytes > 0),
      `${unit}: ${rooms}`,
    );
    assert.equal(
      rooms.reduce((sum, bytes) => sum + bytes),
      page[unit],
    );
  }
});

const shown = await measurePublished();

for (const { file, rows: claimed } of published()) {
  test(`${file} says what is measured (make size WRITE=1)`, () => {
    assert.deepEqual(
      claimed.map(({ name }) => name),
      shown.map(({ name }) => name),
    );
    for (const [index, row] of shown.entries()) {
      for (const unit of ["raw", "gzip", "brotli"]) {
        const [is, says] = [row[unit], claimed[index][unit]];
        assert.ok(Math.abs(is - says) <= SLACK, `${row.name}, ${unit}: ${says}, in fact ${is}`);
      }
    }
  });
}

test("every function of the wasm is in a room, and together they are the wasm", () => {
  const wasm = readFileSync(new URL("../target/wasm/machine.wasm", import.meta.url));
  const found = rooms();
  assert.equal(
    found.reduce((sum, { bytes }) => sum + bytes, 0),
    wasm.length,
  );
  const names = found.flatMap(({ functions }) => functions.map(({ name }) => name));
  assert.ok(names.length > 0 && names.every(Boolean), "each has a name");
  for (const room of ["src", "core/src/cache.rs", "core/src/parser.rs", "library"]) {
    assert.ok(found.find(({ name }) => name === room)?.bytes > 0, room);
  }
});
