// A page with each library, bundled for production in the same way, and what of it is the library's.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as size from "../../js/size.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const generated = `${root}target/bench/react`;

/** The bundle of each library, by its file's name. */
export async function makeBundles(libraries) {
  generate();
  const bundles = new Map();
  for (const library of libraries) {
    const page = `import * as library from "./libraries/${library}.jsx";
      import { start } from "./page.jsx";
      start(library);`;
    // One React for all, also for the runtime, which has another one above itself.
    const alias = Object.fromEntries(
      ["react", "react-dom"].map((name) => [name, `${here}../node_modules/${name}`]),
    );
    bundles.set(`${library}.js`, await bundle(page, alias));
  }
  return bundles;
}

/**
 * How many bytes of brotli (level 11) a page downloads of a library and of what uses it here, as Vite builds it; React
 * is not counted.
 */
export async function weigh(library) {
  generate();
  const code = await size.bundle(`export * from "./libraries/${library}.jsx";`, {
    alias: { generated: `${generated}/index.ts` },
    folder: here,
  });
  return size.weigh(code).brotli;
}

function generate() {
  const generator = `${root}pkg/bin/mizan-generate.js`;
  const schema = `${here}schema.json`;
  execFileSync(process.execPath, [generator, "--schema", schema, "--out", generated], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

async function bundle(contents, alias) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    alias: { generated: `${generated}/index.ts`, ...alias },
    nodePaths: [`${root}node_modules`],
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0].contents;
}
