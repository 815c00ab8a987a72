import assert from "node:assert/strict";
import { test } from "node:test";
import { metered } from "./meter.mjs";

const section = (id, ...bytes) => [id, bytes.length, ...bytes];
const name = (text) => [text.length, ...new TextEncoder().encode(text)];

/** Exports `run`, which takes a number and gives one back. */
const moduleOf = (...code) =>
  new Uint8Array([
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 1, 0x7f, 1, 0x7f),
    ...section(3, 1, 0),
    ...section(7, 1, ...name("run"), 0, 0),
    ...section(10, 1, code.length + 2, 0, ...code, 11),
  ]);

function executed(module, argument) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(metered(module)));
  const result = exports.run(argument);
  return { result, instructions: Number(exports.instructions.value) };
}

test("instructions in a row are counted once", () => {
  // argument + 1, and the end
  const module = moduleOf(0x20, 0, 0x41, 1, 0x6a);
  assert.deepEqual(executed(module, 41), { result: 42, instructions: 4 });
});

test("those of a loop are counted for each round", () => {
  // loop: argument - 1, again while it is not 0; then the argument, and the end
  const round = [0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0];
  const module = moduleOf(0x03, 0x40, ...round, 0x0b, 0x20, 0);
  assert.deepEqual(executed(module, 1), { result: 0, instructions: 1 + 5 + 1 + 2 });
  assert.deepEqual(executed(module, 100), { result: 0, instructions: 1 + 500 + 1 + 2 });
});

test("of two branches the one is counted that is taken", () => {
  // argument ? 7 : 1 + 2
  const module = moduleOf(0x20, 0, 0x04, 0x7f, 0x41, 7, 0x05, 0x41, 1, 0x41, 2, 0x6a, 0x0b);
  assert.deepEqual(executed(module, 1), { result: 7, instructions: 2 + 2 + 1 });
  assert.deepEqual(executed(module, 0), { result: 3, instructions: 2 + 4 + 1 });
});
