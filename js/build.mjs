// Builds pkg/dist from js/src and the wasm in target/wasm. `make build` calls it after cargo, wasm-bindgen,
// wasm-opt and wasm2js.
//
// The package has several entries of the same sources. What differs is how a module's exports come to be,
// for which one of four files stands: js/src/inline.ts or twin.ts, compiled.ts, given.ts.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "vite";
import { pack } from "./pack.mjs";
import { lean } from "./twin.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}pkg/dist`;
const built = `${root}target/wasm`;
const { version } = JSON.parse(readFileSync(`${root}pkg/package.json`, "utf8"));

/** Each a file of its own, so that a bundler drops the one that is not used. */
const MODULES = ["machine", "writer"];
const bytes = MODULES.map((module) => readFileSync(`${built}/${module}.wasm`));
/** Names the custom section by which the files of one version know each other. */
const section = `mizan ${createHash("sha256").update(Buffer.concat(bytes)).digest("hex").slice(0, 16)}`;

rmSync(dist, { recursive: true, force: true });
mkdirSync(`${dist}/js`, { recursive: true });

for (const module of [...MODULES, "fragments"]) {
  writeFileSync(
    `${built}/${module}.d.ts`,
    "declare const packed: string;\nexport default packed;\n",
  );
}

for (const [at, module] of MODULES.entries()) {
  const name = Buffer.from(section);
  const content = [name.length, ...name, at];
  writeFileSync(
    `${dist}/${module}.wasm`,
    Buffer.concat([bytes[at], Buffer.from([0, content.length, ...content])]),
  );
}

/** What stands for js/src/inline.ts in an entry, and what `mizan-wasm/machine` says there. */
const WAYS = {
  inline: (module) => `export default ${JSON.stringify(pack(bytes[MODULES.indexOf(module)]))};`,
  twin: (module) =>
    `export default () => { ${lean(readFileSync(`${built}/${module}.twin.js`, "utf8"))} };`,
  given: (module) => `export default ${MODULES.indexOf(module)};`,
};

/** For an entry to which the modules come in one of the ways; `compiled` imports them as they are. */
function comingBy(way) {
  return {
    name: way,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/inline\.js$/ }, () => ({ path: `${root}js/src/${way}.ts` }));
      onResolve({ filter: /^mizan-wasm\// }, ({ path }) => {
        const module = path.split("/")[1];
        return way in WAYS
          ? { path: module, namespace: "wasm" }
          : { path: `./${module}.wasm`, external: true };
      });
      onLoad({ filter: /./, namespace: "wasm" }, ({ path }) => ({ contents: WAYS[way](path) }));
    },
  };
}

/** Who imports what index.ts describes gets that. */
const entry = {
  name: "entry",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/index\.js$/ }, () => ({ path: `${root}js/src/entry.ts` }));
  },
};

/** What is told to the cache's machine elsewhere, and asked of the transport, goes to that of the fragments. */
const fragments = {
  name: "fragments",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/(cache|encoding|machine|transport)\.js$/ }, ({ path }) => ({
      path: `${root}js/src/${path === "./transport.js" ? "requests" : "fragments"}.ts`,
    }));
  },
};

/** One runtime for all entries: those beside it import it, they do not contain it. */
function importing(runtime) {
  return {
    name: "importing",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/index\.js$/ }, () => ({ path: runtime, external: true }));
    },
  };
}

/**
 * Members of our own objects that nobody outside gets to see, and their names in what is built. Of no other object
 * do we use one by such a name. They stay as they are: names that were chosen by how often each is used would
 * change what every page downloads with each function that is added for a few.
 */
const MEMBERS = {
  ask: "d",
  awaits: "Y",
  base: "t",
  bytes: "o",
  callback: "I",
  controller: "i",
  count: "p",
  handle: "e",
  hash: "c",
  initial: "l",
  isTold: "u",
  layers: "r",
  listeners: "$",
  options: "m",
  parts: "E",
  patches: "f",
  reads: "n",
  rest: "s",
  settle: "S",
  snapshot: "C",
  span: "a",
  specs: "K",
  start: "D",
};

/** Bundles a source and what it imports into one file. */
function bundle(source, outfile, options) {
  return build({
    absWorkingDir: root,
    bundle: true,
    minify: true,
    target: "es2022",
    mangleProps: new RegExp(`^(${Object.keys(MEMBERS).join("|")})$`),
    mangleCache: MEMBERS,
    define: {
      MIZAN_VERSION: JSON.stringify(version.split(".", 2).join(".")),
      MIZAN_SECTION: JSON.stringify(section),
    },
    external: ["react", "react-dom/client"],
    logLevel: "warning",
    entryPoints: [`js/src/${source}.ts`],
    outfile: `${dist}/${outfile}`,
    ...options,
  });
}

const MODULE_FORMATS = [
  ["esm", "js"],
  ["cjs", "cjs"],
];
for (const [format, extension] of MODULE_FORMATS) {
  for (const [source, way, name] of [
    ["entry", "inline", "index"],
    ["entry", "twin", "js/index"],
    ["slim", "given", "slim"],
  ]) {
    await bundle(source, `${name}.${extension}`, { format, plugins: [entry, comingBy(way)] });
  }
  for (const [runtime, name] of [
    ["@mizan/runtime", "react"],
    ["@mizan/runtime/js", "js/react"],
  ]) {
    const banner = { js: '"use client";' };
    await bundle("react", `${name}.${extension}`, {
      format,
      banner,
      plugins: [importing(runtime)],
    });
  }
  await bundle("islands", `islands.${extension}`, {
    format,
    mangleProps: undefined,
    mangleCache: undefined,
  });
  for (const [runtime, name] of [
    ["@mizan/runtime", "testing"],
    ["@mizan/runtime/js", "js/testing"],
  ]) {
    await bundle("testing", `${name}.${extension}`, { format, plugins: [importing(runtime)] });
  }
  for (const [runtime, name] of [
    ["@mizan/runtime", "devtools"],
    ["@mizan/runtime/js", "js/devtools"],
  ]) {
    // Most of its objects are the browser's, whose members have their own names.
    await bundle("devtools", `${name}.${extension}`, {
      format,
      mangleProps: undefined,
      mangleCache: undefined,
      plugins: [importing(runtime)],
    });
  }
}
await bundle("entry", "workerd.js", { format: "esm", plugins: [entry, comingBy("compiled")] });
// A page that has no bundler writes no headers.
for (const [way, name] of [
  ["inline", "mizan"],
  ["twin", "mizan.js"],
]) {
  const options = { format: "iife", globalName: "Mizan", plugins: [comingBy(way)] };
  await bundle("shared", `${name}.global.js`, options);
}

// The script of plain pages has another machine than the cache, told of by the same page.
await bundle("htmx", "mizan-htmx.js", {
  format: "iife",
  // Of its own objects: most of the others are the browser's, or htmx's.
  mangleProps: /^(brought|ended|first|fragment|hasSpoken|is(Asked|Due|Late)|mark|settle|why)$/,
  mangleCache: undefined,
  plugins: [fragments, comingBy("twin")],
});

// Vite's minifier makes shorter code of what wasm2js writes: 200 bytes less for a page.
const script = `${dist}/mizan-htmx.js`;
const { code, errors } = await minify(script, readFileSync(script, "utf8"));
if (errors.length > 0) {
  throw new Error(errors[0].message);
}
writeFileSync(script, code);

execFileSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, "-p", `${root}js/tsconfig.build.json`],
  {
    stdio: "inherit",
  },
);
const PUBLIC = [
  "client",
  "dates",
  "devtools",
  "error",
  "given",
  "htmx",
  "hydration",
  "index",
  "infinite",
  "inspection",
  "islands",
  "member",
  "mutation",
  "problem",
  "provider",
  "react",
  "recorder",
  "rendering",
  "revival",
  "slim",
  "suspense",
  "testing",
  "types",
  "writer",
].map((name) => `${name}.d.ts`);
for (const file of readdirSync(dist).filter((name) => name.endsWith(".d.ts"))) {
  if (!PUBLIC.includes(file)) {
    rmSync(`${dist}/${file}`);
    continue;
  }
  const text = readFileSync(`${dist}/${file}`, "utf8");
  writeFileSync(`${dist}/${file.replace(/ts$/, "cts")}`, text.replaceAll(/\.js"/g, '.cjs"'));
}
copyFileSync(`${root}LICENSE`, `${root}pkg/LICENSE`);
