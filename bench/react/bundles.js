// A page with each library, bundled for production in the same way.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const generated = `${root}target/bench/react`;

/** The bundle of each library, by its file's name. */
export async function makeBundles(libraries) {
  const generator = `${root}pkg/bin/mizan-generate.js`;
  const schema = `${here}schema.json`;
  execFileSync(process.execPath, [generator, "--schema", schema, "--out", generated], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const bundles = new Map();
  for (const library of libraries) {
    const { outputFiles } = await build({
      stdin: {
        contents: `import * as library from "./libraries/${library}.jsx";
          import { start } from "./page.jsx";
          start(library);`,
        resolveDir: here,
      },
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      jsx: "automatic",
      define: { "process.env.NODE_ENV": '"production"' },
      // One React for all, also for the runtime, which has another one above itself.
      alias: {
        generated: `${generated}/index.ts`,
        react: `${here}../node_modules/react`,
        "react-dom": `${here}../node_modules/react-dom`,
      },
      nodePaths: [`${root}node_modules`],
      write: false,
      logLevel: "warning",
    });
    bundles.set(`${library}.js`, outputFiles[0].contents);
  }
  return bundles;
}
