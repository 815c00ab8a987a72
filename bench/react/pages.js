// React in Chromium: what is measured on which page. Every sample has a page and a process of its own.

import { makeBundles } from "./bundles.js";
import { measureTasks, measureUsers } from "./measurement.js";
import { Server } from "./server.js";
import { CELLS, TASKS } from "./sizes.js";

/** Some of the 50 contexts, and some of the 2,500 rows. */
const RENAMED = [7, 23, 41];
const RETITLED = [7, 2100, 1200];

/** The samples that a page gives: row, unit, and the numbers among what was measured. */
const LOAD = [
  ["first content", "ms", ({ load }) => [load.time]],
  ["first content, main thread", "ms", ({ load }) => [load.work]],
  ["first content, requests", "requests", ({ load }) => [load.requests]],
  ["first content, renders", "renders", ({ load }) => [load.renders]],
];
const CLICK = [
  ["click to DOM", "ms", ({ clicks }) => clicks.map(({ time }) => time)],
  ["click, main thread", "ms", ({ clicks }) => clicks.map(({ work }) => work)],
  ["click, requests", "requests", ({ clicks }) => clicks.map(({ requests }) => requests)],
  ["click, renders", "renders", ({ clicks }) => clicks.map(({ renders }) => renders)],
  [
    "click, components rendered",
    "components",
    ({ clicks }) => clicks.map(({ rendered }) => rendered),
  ],
];

const users = (latency) => ({
  name: `50 contexts, ${latency} ms`,
  n: CELLS,
  latency,
  rows: [...LOAD, ...CLICK],
  measure: (visit) => measureUsers(visit, RENAMED),
});

/** The parts of the suite. */
export const pages = {
  users: users(0),
  "distant users": users(50),
  tasks: {
    name: "one row changed",
    n: TASKS,
    latency: 0,
    rows: CLICK,
    measure: (visit) => measureTasks(visit, RETITLED),
  },
};

/** Serves the pages of the libraries, and visits them. */
export async function openReact(browser, libraries) {
  const server = new Server(await makeBundles(libraries));
  await server.listen();
  return {
    /** The samples of one page. Whatever the library does not show as it should is an error. */
    async run(library, part, limit) {
      const { name, n, latency, rows, measure } = pages[part];
      server.latency = latency;
      const measured = await measure({ browser, server, library, limit });
      return rows.flatMap(([row, unit, values]) =>
        values(measured).map((value) => ({ row: `${name}: ${row}`, n, unit, value })),
      );
    },
    close: () => server.close(),
  };
}
