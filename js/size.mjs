// What a page downloads, room by room: `make size` prints it, js/size.test.mjs holds the ceiling.
//
// The page is a small app on the published files: one context with two functions and one mutation,
// as the generator writes them. A room's bytes are what the page grows by when that room joins
// the ones above it, so the rows add up to the page. React is not counted.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, defaultClientConditions } from "vite";
import { generate } from "../pkg/dist/generate/index.js";
import { rooms } from "./functions.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const READMES = ["README.md", "pkg/README.md"];
const TABLE = /(<!-- size:begin -->\n)([\s\S]*?)(<!-- size:end -->)/;
const UNITS = ["raw", "gzip", "brotli"];

/** Smaller functions are not listed. */
const LARGE = 100;

/** Most that a page may download, in bytes of brotli (level 11). The aim is 9,800. */
export const CEILING = 14_000;

/** The page: what it imports of the runtime comes with it. */
export const PAGE = `export { UserProvider, useUserProfile, useUserTasks, useRename }
  from "./codegen/tests/cases/plain/out/index.ts"`;

/** One row per room, then the page: `{name, raw, gzip, brotli}` in bytes. */
export async function measure() {
  const hooks = `export { defineContext, defineMember, defineMutation } from "@mizan/runtime/react"`;
  const used = namesImported(await bundle(hooks, { external: ["@mizan/runtime"] }));
  const runtime = await bundle(`export { ${used} } from "@mizan/runtime"`);
  const react = await bundle(hooks);
  const generated = await bundle(PAGE);
  const stages = [
    ["Runtime JavaScript", weigh(withoutWasm(runtime))],
    ["React entry", weigh(withoutWasm(react))],
    ["Generated: one context, one mutation", weigh(withoutWasm(generated))],
    ["Wasm, as text in the JavaScript", weigh(generated)],
  ];
  const rows = stages.map(([name, whole], index) => {
    const before = index > 0 ? stages[index - 1][1] : { raw: 0, gzip: 0, brotli: 0 };
    const grown = UNITS.map((unit) => [unit, whole[unit] - before[unit]]);
    return { name, ...Object.fromEntries(grown) };
  });
  return [...rows, { name: "Page", ...weigh(generated) }];
}

/** The other ways to the runtime, and the most that each may be, in bytes of brotli. */
export const ENTRIES = [
  { name: "The page with the twin", conditions: ["mizan-js"], ceiling: 17_500 },
  { name: "The page with slim", conditions: ["mizan-slim"], file: "machine.wasm", ceiling: 15_000 },
  { name: "Script", script: "mizan.global.js", ceiling: 14_000 },
  { name: "Script, the twin", script: "mizan.js.global.js", ceiling: 17_500 },
  { name: "Script for htmx", script: "mizan-htmx.js", ceiling: 12_000 },
];

/** One row per entry: `{name, raw, gzip, brotli, ceiling}`. The page is the one of `measure`. */
export async function measureEntries() {
  return Promise.all(
    ENTRIES.map(async ({ name, conditions, file, script, ceiling }) => {
      const parts = [
        script ? built(script) : await bundle(PAGE, { conditions }),
        ...(file ? [built(file)] : []),
      ].map(weigh);
      const sums = UNITS.map((unit) => [unit, parts.reduce((sum, part) => sum + part[unit], 0)]);
      return { name, ...Object.fromEntries(sums), ceiling };
    }),
  );
}

/** A server of a thousand functions: nine reads and a mutation to each context. */
function largeSchema() {
  const reads = Array.from({ length: 9 }, (_, at) => `read_${at}`);
  const topics = Array.from({ length: 100 }, (_, at) => `topic_${at}`);
  const returns = { type: "string" };
  const param = { name: "id", schema: { type: "integer" }, required: true };
  const contexts = topics.map((topic) => [
    topic,
    { functions: reads.map((read) => `${topic}_${read}`), params: [param] },
  ]);
  const functions = topics.flatMap((context) => [
    ...reads.map((read) => [
      `${context}_${read}`,
      { kind: "read", context, params: ["id"], returns, doc: "" },
    ]),
    [`change_${context}`, { kind: "mutation", args: null, returns, doc: "", affects: [] }],
  ]);
  return {
    openapi: "3.1.0",
    "x-mizan-hash": "0123456789abcdef",
    components: { schemas: {} },
    "x-mizan-contexts": Object.fromEntries(contexts),
    "x-mizan-functions": Object.fromEntries(functions),
  };
}

/**
 * What the generated code of a thousand functions downloads, without what it imports: `{name, raw, brotli}` in
 * bytes for each function.
 */
export function measureGenerated() {
  const schema = largeSchema();
  const count = Object.keys(schema["x-mizan-functions"]).length;
  const [{ path, text }] = generate(schema, { single: true });
  const exported = [...text.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
  const usual = exported.filter((name) => /Provider$|^use/.test(name) && !/Suspense$/.test(name));
  return Promise.all(
    [
      ["providers and hooks", usual],
      ["every export", exported],
    ].map(async ([name, names]) => {
      const code = await bundle(`export { ${names} } from "./${path}"`, {
        external: [/^@mizan\//],
        files: { [path]: text },
      });
      // Its exports are what an app's own code would use.
      const { raw, brotli } = weigh(code.replace(/export\{[^}]*\};?\s*$/, ""));
      return { name, raw: raw / count, brotli: brotli / count };
    }),
  );
}

function built(file) {
  return readFileSync(`${root}pkg/dist/${file}`);
}

/** What the READMEs show: the rooms, the page, and what a page without a build downloads in its place. */
export async function measurePublished() {
  return [...(await measure()), { name: "Page without a build", ...weigh(built("mizan-htmx.js")) }];
}

/** The rows as a Markdown table. */
export function table(rows) {
  const lines = [
    ["Bytes that a page downloads", ...UNITS],
    ["---", "--:", "--:", "--:"],
    ...rows.map((row) => {
      const cells = [row.name, ...UNITS.map((unit) => row[unit].toLocaleString("en-US"))];
      return row.name.startsWith("Page") ? cells.map((text) => `**${text}**`) : cells;
    }),
  ];
  return lines.map((line) => `| ${line.join(" | ")} |\n`).join("");
}

/** The rooms of the wasm, and what is large in them, as lines of text. */
function listing(rooms) {
  const line = (bytes, name) => `${bytes.toLocaleString("en-US").padStart(9)}  ${name}`;
  const lines = rooms.flatMap(({ name, bytes, functions }) => [
    line(bytes, name),
    ...functions
      .filter((each) => each.bytes >= LARGE)
      .map((each) => line(each.bytes, `    ${each.name}`)),
  ]);
  return [`Bytes of the machine's wasm, functions from ${LARGE} on`, ...lines, ""].join("\n");
}

/** The tables that READMEs carry: `{file, rows}`. */
export function published() {
  return READMES.flatMap((file) => {
    const found = TABLE.exec(read(file));
    return found ? [{ file, rows: parse(found[2]) }] : [];
  });
}

function parse(text) {
  return text
    .replaceAll("*", "")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => /\d/.test(cells[2]))
    .map(([, name, ...cells]) => {
      const bytes = cells.map((cell) => Number(cell.replaceAll(",", "")));
      return { name, raw: bytes[0], gzip: bytes[1], brotli: bytes[2] };
    });
}

function write(rows) {
  for (const { file } of published()) {
    const text = read(file).replace(TABLE, (_, begin, __, end) => begin + table(rows) + end);
    writeFileSync(root + file, text);
    console.log(`wrote ${file}`);
  }
}

/** The text of a README; empty if there is none. */
function read(file) {
  try {
    return readFileSync(root + file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}

/**
 * What Vite builds of a module for production, but for what it adds to preload other files. React stays outside, as
 * does what is `external`; `folder` is where the module stands, and beside it `files`, by name.
 */
export async function bundle(
  contents,
  { conditions = [], alias = {}, folder = root, external = [], files = {} } = {},
) {
  const page = `${folder}page.ts`;
  const texts = new Map([[page, contents]]);
  for (const [name, text] of Object.entries(files)) {
    texts.set(`${folder}${name}`, text);
  }
  const { output } = await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    resolve: { alias, conditions: [...conditions, ...defaultClientConditions] },
    plugins: [
      {
        name: "page",
        resolveId(id) {
          const path = id.replace(/^\.\//, folder);
          return texts.has(path) ? path : null;
        },
        load: (id) => texts.get(id) ?? null,
      },
    ],
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: page,
        external: [/^react(-dom)?(\/|$)/, ...external],
        preserveEntrySignatures: "strict",
      },
    },
  });
  return output[0].code;
}

/** The names that it has of the runtime, separated by commas. */
function namesImported(code) {
  const [, clause] = /import\s*\{([^}]*)\}\s*from\s*["'`]@mizan\/runtime["'`]/.exec(code);
  return clause.replace(/ as \w+/g, "");
}

function withoutWasm(code) {
  const empty = code.replace(/"[^"]{9000,}"/, '""');
  if (empty === code) throw new Error("the wasm is not in the bundle as one string");
  return empty;
}

/** The bytes of a file as each unit has them, compressed as much as they can be. */
export function weigh(code) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(code),
  };
  return {
    raw: Buffer.byteLength(code),
    gzip: gzipSync(code, { level: 9 }).length,
    brotli: brotliCompressSync(code, { params }).length,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await measure();
  console.log(table(rows));
  for (const { name, brotli, ceiling } of await measureEntries()) {
    console.log(`${name}: ${brotli} of at most ${ceiling} bytes of brotli`);
  }
  const { brotli } = rows.at(-1);
  console.log(`${brotli} of at most ${CEILING} bytes of brotli`);
  for (const { name, raw, brotli } of await measureGenerated()) {
    const bytes = `${raw.toFixed(1)} bytes minified, ${brotli.toFixed(1)} of brotli`;
    console.log(`Generated for 1,000 functions, ${name}: each ${bytes}`);
  }
  console.log(listing(rooms()));
  if (process.env.WRITE === "1") write(await measurePublished());
}
