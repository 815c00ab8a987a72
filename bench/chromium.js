// The same suites in pages of Chromium, a fresh one for each.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const here = fileURLToPath(new URL(".", import.meta.url));
/** A page that is isolated has the finest clock that browsers give. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cache-Control": "no-store",
};

export async function openChromium(libraries) {
  const scripts = new Map();
  for (const library of ["none", ...libraries]) {
    scripts.set(`/${library}.js`, await bundle(library));
  }
  scripts.set("/runtime.js", readFileSync(fileURLToPath(import.meta.resolve("@mizan/runtime"))));
  const server = createServer(({ url }, response) => {
    const script = scripts.get(url);
    response.writeHead(script || url === "/" ? 200 : 404, {
      ...HEADERS,
      "Content-Type": script ? "text/javascript" : "text/html",
    });
    response.end(script ?? "<!doctype html><title>bench</title>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });

  /** Runs `work` in a fresh page, for at most `limit` seconds. */
  async function inPage(limit, work, ...args) {
    const context = await browser.newContext();
    let timer;
    try {
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not within ${limit} s`)), limit * 1000);
      });
      return await Promise.race([page.evaluate(work, ...args), late]);
    } finally {
      clearTimeout(timer);
      await context.close();
    }
  }

  return {
    version: browser.version(),
    run: (library, suite, n, limit, text) =>
      inPage(
        limit,
        async ([library, suite, n, text]) => {
          const { measure } = await import(`/${library}.js`);
          return measure(suite, n, { text });
        },
        [library, suite, n, text],
      ),
    inPage,
    async close() {
      await browser.close();
      server.close();
    },
  };
}

async function bundle(library) {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        ${library === "none" ? "const library = {};" : `import * as library from "./libraries/${library}.js";`}
        import { bodies, floor } from "./suites/bodies.js";
        import { entries } from "./suites/entries.js";
        import { hydration } from "./suites/hydration.js";
        const suites = { bodies, entries, floor, hydration };
        export const measure = (suite, n, tools) => suites[suite](library, n, tools);`,
      resolveDir: here,
    },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  return outputFiles[0].text;
}
