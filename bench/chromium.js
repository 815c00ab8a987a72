// Runs parts of the benchmark in Chromium, each in a page that has seen nothing before.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { openReact, pages } from "./react/pages.js";
import { start } from "./suites/start.js";

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
    const type = script ? "text/javascript" : "text/html";
    response.writeHead(script || url === "/" ? 200 : 404, { ...HEADERS, "Content-Type": type });
    response.end(script ?? "<!doctype html><title>bench</title>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM });

  /** Runs `work` in a fresh page, for at most `limit` seconds; then nothing comes back. */
  async function inPage(limit, work, argument) {
    const context = await browser.newContext();
    let timer;
    try {
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, limit * 1000);
      });
      return await Promise.race([page.evaluate(work, argument), late]);
    } finally {
      clearTimeout(timer);
      await context.close();
    }
  }

  let react;
  return {
    version: browser.version(),
    async run(library, part, n, { limit, text }) {
      if (part in pages) {
        react ??= await openReact(browser, libraries);
        return { lines: await react.run(library, part, limit) };
      }
      const lines =
        part === "start"
          ? await inPage(limit, start)
          : await inPage(limit, measure, { library, part, n, text });
      return { lines: lines ?? [], why: lines ? undefined : `not within ${limit} s` };
    },
    async close() {
      await browser.close();
      server.close();
      react?.close();
    },
  };
}

/** Runs in the page. */
async function measure({ library, part, n, text }) {
  const lines = [];
  const report = (row, unit, value) => lines.push({ row, n, unit, value });
  const { library: own, suites } = await import(`/${library}.js`);
  await suites[part](own, n, { report, text });
  return lines;
}

async function bundle(library) {
  const own =
    library === "none"
      ? "export const library = undefined;"
      : `export * as library from "./libraries/${library}.js";`;
  const { outputFiles } = await build({
    stdin: { contents: `${own} export * as suites from "./suites.js";`, resolveDir: here },
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
