// The first inputs of the fuzz targets, made of the shared vectors: what the protocol knows of, each
// search begins with.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const VECTORS = fileURLToPath(new URL("../../tests/vectors/", import.meta.url));

const read = (name) => JSON.parse(readFileSync(join(VECTORS, name), "utf8"));

/** The params that are given. */
const given = ({ params }) => Object.entries(params).filter(([, value]) => value !== null);

/** A key as text. */
function text({ context, params }) {
  const pairs = given({ params }).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return [context, pairs.sort().join("&")].filter(Boolean).join("?");
}

/** An invalidation as `core/src/spec.rs` has it. */
function spec(named) {
  if (typeof named === "string") return named;
  return [named.context, ...given(named).map(([name, value]) => `${name}=${said(value)}`)].join(
    ";",
  );
}

function said(value) {
  if (typeof value === "number") return `#${value}`;
  return typeof value === "object" ? "!" : `%"${encodeURIComponent(value)}"`;
}

/** The seeds of each target, by the ids of the vectors. */
export function seeds() {
  const header = new Map();
  const key = new Map();
  const list = new Map();
  for (const { id, input, expected } of read("keys.json")) {
    key.set(id, expected ?? text(input));
    list.set(id, spec(input));
  }
  for (const { id, invalidation, key: named } of read("matches.json")) {
    key.set(id, text(named));
    list.set(id, `${spec(invalidation)},${spec(named)}`);
  }
  for (const { id, kind: what, input, expected } of read("header.json")) {
    header.set(id, what === "parse" ? input.join(", ") : expected);
    const members = what === "parse" ? (expected ?? []) : input;
    list.set(id, members.map(spec).join(","));
  }
  return { header, key, list };
}

/** Writes them to a folder for each target in `folder`. */
export function write(folder) {
  rmSync(folder, { recursive: true, force: true });
  for (const [target, texts] of Object.entries(seeds())) {
    mkdirSync(join(folder, target), { recursive: true });
    for (const [id, seed] of texts) writeFileSync(join(folder, target, id), seed);
  }
}
