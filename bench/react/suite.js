// React in Chromium, a fresh page for every sample, the libraries in turn: what is slow for a while is slow for all.

import { chromium } from "playwright-core";
import { makeBundles } from "./bundles.js";
import { measureTasks, measureUsers } from "./measurement.js";
import { Server } from "./server.js";

export const LIBRARIES = ["mizan", "tanstack", "swr", "rtk", "apollo", "urql"];
const SAMPLES = 10;
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

const LOAD = {
  "first content": ["ms", ({ load }) => load.content],
  "first content, main thread": ["ms", ({ load }) => load.work],
  "first content, requests": ["requests", ({ load }) => load.requests],
  "first content, renders": ["renders", ({ load }) => load.renders],
};
const CLICK = {
  "click to DOM": ["ms", ({ clicks }) => middle(clicks, "time")],
  "click, main thread": ["ms", ({ clicks }) => middle(clicks, "work")],
  "click, requests": ["requests", ({ clicks }) => middle(clicks, "requests")],
  "click, renders": ["renders", ({ clicks }) => middle(clicks, "renders")],
  "click, components rendered": ["components", ({ clicks }) => middle(clicks, "rendered")],
};

/** The pages, what is done on each, and its rows: the unit, and one number of a sample. */
const PAGES = [
  ...[0, 50].map((latency) => ({
    suite: `React: 200 components on 50 contexts, ${latency} ms`,
    latency,
    rows: { ...LOAD, ...CLICK },
    measure: (...place) => measureUsers(...place, RENAMED),
  })),
  {
    suite: "React: one row of 2,500 changed",
    latency: 0,
    rows: CLICK,
    measure: (...place) => measureTasks(...place, RETITLED),
  },
];

/** The rows of this suite. `report` hears what is being done. */
export async function measure({ report = () => {}, samples = SAMPLES } = {}) {
  const server = new Server(await makeBundles(LIBRARIES));
  await server.listen();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGUMENTS,
  });
  const environment = `Chromium ${browser.version().split(".")[0]}`;
  const runs = PAGES.flatMap((page) =>
    LIBRARIES.map((library) => ({ page, library, samples: [], error: undefined })),
  );
  try {
    for (let sample = 1; sample <= samples; sample++) {
      report(`React, page ${sample} of ${samples}`);
      for (const run of runs.filter(({ error }) => !error)) {
        server.latency = run.page.latency;
        try {
          run.samples.push(await run.page.measure(browser, server, run.library));
        } catch (error) {
          run.error = error.message;
        }
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  return PAGES.flatMap((page) =>
    Object.entries(page.rows).flatMap(([row, [unit, figure]]) =>
      runs
        .filter((run) => run.page === page)
        .map(({ library, samples, error }) => ({
          suite: page.suite,
          row,
          unit,
          environment,
          library,
          ...(error ? { error } : summary(samples.map(figure))),
        })),
    ),
  );
}

function summary(samples) {
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(samples, share));
  return { median, spread: [low, high], samples };
}

function middle(list, figure) {
  return quantile(
    list.map((each) => each[figure]),
    0.5,
  );
}

function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at % 1);
}
