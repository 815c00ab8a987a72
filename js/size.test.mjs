import assert from "node:assert/strict";
import { test } from "node:test";
import { CEILING, measure, measureEntries, published } from "./size.mjs";

// Another release of rustc or of Node's brotli writes or packs the wasm a little differently.
const SLACK = 64;

const rows = await measure();

test("a page downloads at most 16,600 bytes", () => {
  assert.equal(CEILING, 16_600);
  const { brotli } = rows.at(-1);
  assert.ok(brotli <= CEILING, `${brotli} bytes of brotli`);
});

for (const { name, brotli, ceiling } of await measureEntries()) {
  test(`${name} is at most ${ceiling} bytes`, () => {
    assert.ok(brotli <= ceiling, `${brotli} bytes of brotli`);
  });
}

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

for (const { file, rows: claimed } of published()) {
  test(`${file} says what is measured (make size WRITE=1)`, () => {
    assert.deepEqual(
      claimed.map(({ name }) => name),
      rows.map(({ name }) => name),
    );
    for (const [index, row] of rows.entries()) {
      for (const unit of ["raw", "gzip", "brotli"]) {
        const [is, says] = [row[unit], claimed[index][unit]];
        assert.ok(Math.abs(is - says) <= SLACK, `${row.name}, ${unit}: ${says}, in fact ${is}`);
      }
    }
  });
}
