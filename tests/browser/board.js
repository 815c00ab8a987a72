// The team board as a test meets it: a server of its own for each test, and people who visit it.

import { after, afterEach, before, beforeEach } from "node:test";
import { seed, startServer } from "./server.js";
import { launch, logIn, quiet, Visitor } from "./visitor.js";

/**
 * Around each test of the file: the board as it was seeded, until everybody has left. That of the React example,
 * or of the one that is named, with these settings.
 */
export function openBoard(example, settings) {
  let seeded;
  let browser;
  let server;
  let servers;
  let visitors;

  before(async () => {
    seeded = seed();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    seeded?.remove();
  });

  beforeEach(async () => {
    visitors = [];
    server = await startServer(seeded.database, example, settings);
    servers = [server];
  });

  afterEach(async () => {
    try {
      for (const visitor of visitors) await visitor.leave();
    } finally {
      for (const each of servers.reverse()) await each.stop();
    }
  });

  /** Somebody with a browser profile of their own. */
  async function arrive(options) {
    const visitor = await Visitor.arrive(browser, server.url, options);
    visitors.push(visitor);
    return visitor;
  }

  async function arriveAs(name, path = "/projects/1/", options = undefined) {
    const visitor = await arrive(options);
    const page = await visitor.window(path);
    await logIn(page, name);
    return { visitor, page };
  }

  /** One more server, which stops before the board does. */
  function add(started) {
    servers.push(started);
    return started;
  }

  return { arrive, arriveAs, add, mark: () => server.mark(), url: () => server.url };
}

export const column = (page, title) => page.getByRole("list", { name: new RegExp(`^${title}`) });
export const cards = (page, title) => column(page, title).locator(".card");
export const team = (page) => page.getByRole("navigation", { name: "Team" });
export const projects = (page) => page.getByRole("navigation", { name: "Projects" });

export async function unread(page) {
  const bell = page.getByRole("button", { name: /^Notifications/ });
  return Number(await bell.locator(".badge").textContent());
}

export async function openTask(page, title) {
  await page.getByRole("link", { name: title, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: title });
  await dialog.getByLabel("Your comment").waitFor();
  await quiet(page);
  return dialog;
}

/**
 * Keeps what the page asks for back at the door; the result has `asked`, which resolves when something has come,
 * and `release`, which lets it and all that comes later pass.
 */
export async function hold(page, path) {
  let release;
  const open = new Promise((resolve) => {
    release = resolve;
  });
  let come;
  const asked = new Promise((resolve) => {
    come = resolve;
  });
  await page.route(path, async (route) => {
    come();
    await open;
    await route.continue();
  });
  return { asked, release };
}
