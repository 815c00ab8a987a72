// React in Chromium, a fresh page for every sample, the libraries in turn: what is slow for a while is slow for all.

import { chromium } from "playwright-core";
import { makeBundles } from "./bundles.js";
import { measureTasks, measureUsers } from "./measurement.js";
import { Server } from "./server.js";
import { CELLS, TASKS } from "./sizes.js";

const PAGES = 10;
/** After so many milliseconds no more pages are begun: a busy machine makes fewer of them. */
const LIMIT = 200_000;
const RENAMED = [7, 23, 41];
const RETITLED = [7, 2100];

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What rows there are: their units, and where their samples are in what was measured on a page. */
const LOAD = {
  "first content": ["ms", ({ load }) => [load.content]],
  "first content, main thread": ["ms", ({ load }) => [load.work]],
  "first content, requests": ["requests", ({ load }) => [load.requests]],
  "first content, renders": ["renders", ({ load }) => [load.renders]],
};
const CLICK = {
  "click to DOM": ["ms", ({ clicks }) => clicks.map(({ time }) => time)],
  "click, main thread": ["ms", ({ clicks }) => clicks.map(({ work }) => work)],
  "click, requests": ["requests", ({ clicks }) => clicks.map(({ requests }) => requests)],
  "click, renders": ["renders", ({ clicks }) => clicks.map(({ renders }) => renders)],
  "click, components rendered": [
    "components",
    ({ clicks }) => clicks.map(({ rendered }) => rendered),
  ],
};

const VISITS = [
  ...[0, 50].map((latency) => ({
    name: `50 contexts, ${latency} ms`,
    n: CELLS,
    latency,
    rows: { ...LOAD, ...CLICK },
    measure: (...place) => measureUsers(...place, RENAMED),
  })),
  {
    name: "one of the rows changed",
    n: TASKS,
    latency: 0,
    rows: CLICK,
    measure: (...place) => measureTasks(...place, RETITLED),
  },
];

/**
 * The samples of all rows, page by page. A library that does not show what it should is not measured any
 * further, and `failed` is told why.
 */
export async function react(libraries, failed, pages = PAGES) {
  const server = new Server(await makeBundles(libraries));
  await server.listen();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGUMENTS,
  });
  const runs = [];
  const errors = new Map();
  const begun = performance.now();
  try {
    for (let page = 0; page < pages && performance.now() - begun < LIMIT; page++) {
      for (const { name, n, latency, rows, measure } of VISITS) {
        server.latency = latency;
        for (const library of libraries) {
          const id = `${library} ${name}`;
          if (errors.has(id)) {
            continue;
          }
          try {
            const measured = await measure(browser, server, library);
            for (const [row, [unit, samples]] of Object.entries(rows)) {
              runs.push({
                id,
                library,
                row: `${name}: ${row}`,
                n,
                unit,
                samples: samples(measured),
              });
            }
          } catch (error) {
            errors.set(id, error.message);
            failed(id, error);
          }
        }
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  return runs
    .filter(({ id }) => !errors.has(id))
    .map(({ id, ...run }) => ({ suite: "react", environment: "Chromium", ...run }));
}
