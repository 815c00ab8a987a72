// Where each byte of the machine's wasm goes: its functions, by the file that they come from.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CODE, sections, unsigned } from "./binary.mjs";

const WASM = fileURLToPath(new URL("../target/wasm/machine", import.meta.url));

/**
 * The rooms of the wasm, largest first: `{name, bytes, functions: [{name, bytes}]}`. Together they are the
 * file. What the compiler inlines counts where it is inlined.
 */
export function rooms() {
  const module = readFileSync(`${WASM}.wasm`);
  const rooms = new Map();
  let rest = module.length;
  const sizes = functionSizes(module);
  const names = functionNames(readFileSync(`${WASM}.map`, "utf8"));
  for (const [index, bytes] of sizes.entries()) {
    const name = names.get(index);
    const room = roomOf(name);
    const known = rooms.get(room) ?? { name: room, bytes: 0, functions: [] };
    known.bytes += bytes;
    known.functions.push({ name, bytes });
    rooms.set(room, known);
    rest -= bytes;
  }
  rooms.set("", { name: "types, names of exports, texts and tables", bytes: rest, functions: [] });
  const largest = (one, other) => other.bytes - one.bytes;
  for (const { functions } of rooms.values()) functions.sort(largest);
  return [...rooms.values()].sort(largest);
}

/** The file of the function's own module; the libraries' are one room. */
function roomOf(name) {
  const [, crate, file] = /\bmizan_(core|runtime)::(\w+)/.exec(name) ?? [];
  if (file) return `${crate === "core" ? "core/" : ""}src/${file}.rs`;
  // What is exported has no other name.
  return /^[a-z]+$/.test(name) && !name.startsWith("mem") ? "src" : "library";
}

/** The bytes of each function, without the one or two that say how many they are. */
function functionSizes(module) {
  const { start } = [...sections(module)].find(({ id }) => id === CODE);
  let [count, at] = unsigned(module, start);
  const sizes = [];
  for (; count; count--) {
    const [size, body] = unsigned(module, at);
    sizes.push(size);
    at = body + size;
  }
  return sizes;
}

/** What wasm-opt writes with `--symbolmap`: a number and a name in each line. */
function functionNames(map) {
  const lines = map.trim().split("\n");
  return new Map(
    lines.map((line) => {
      const [number, ...name] = line.split(":");
      return [Number(number), name.join(":").replace(/::h[0-9a-f]{16}$/, "")];
    }),
  );
}
