// A page with the script of plain pages in it: jsdom, with a server and a clock of the test's own.
import { readFileSync } from "node:fs";
import { JSDOM, VirtualConsole } from "jsdom";
import { idle, Server } from "./server.mjs";

const file = new URL("../../pkg/dist/mizan-htmx.js", import.meta.url);
const SCRIPT = readFileSync(file, "utf8");

/**
 * Opens a page: `data` is what its script tag has as `data-`, `before` may change the window before the script is
 * there.
 */
export async function openScript(html, { cookie, data = {}, before = () => {} } = {}) {
  const virtualConsole = new VirtualConsole();
  const { window } = new JSDOM(`<!doctype html><body>${html}</body>`, {
    runScripts: "outside-only",
    url: "http://server.test/board/?page=1#top",
    virtualConsole,
  });
  const { document } = window;
  const server = new Server();
  const page = { window, document, server, posts: [], events: [], printed: [] };
  let now = 0;
  const timers = new Map();
  Object.assign(window, {
    AbortSignal,
    BroadcastChannel: class {
      constructor() {
        page.channel = this;
      }
      postMessage(message) {
        page.posts.push(structuredClone(message));
      }
      close() {}
    },
    fetch: async (url, init) => {
      const response = await server.fetch(url, init);
      const { href } = new URL(url, document.baseURI);
      return Object.defineProperty(response, "url", { value: href, configurable: true });
    },
    setTimeout: (callback, delay = 0) => {
      const number = timers.size + 1;
      timers.set(number, { callback, at: now + delay });
      return number;
    },
    clearTimeout: (number) => timers.set(number, { at: Number.POSITIVE_INFINITY }),
  });
  for (const type of ["log", "warn", "error"]) {
    virtualConsole.on(type, (...what) => page.printed.push([type, ...what]));
  }
  window.Date.now = () => now;
  if (cookie) {
    document.cookie = cookie;
  }
  const tag = document.createElement("script");
  Object.assign(tag.dataset, data);
  Object.defineProperty(document, "currentScript", { get: () => tag });
  before(window);
  Object.assign(page, {
    load: () => window.eval(SCRIPT),
    $: (selector) => document.querySelector(selector),
    /** Lets everything happen until something is waited for. */
    async settle() {
      let ran = true;
      while (ran) {
        await idle();
        ran = false;
        for (const [number, { callback, at }] of timers) {
          if (at <= now) {
            timers.set(number, { at: Number.POSITIVE_INFINITY });
            callback();
            ran = true;
          }
        }
      }
    },
    async advance(duration) {
      now += duration;
      await page.settle();
    },
    /** The server answers this path with HTML: what a function gives for each request. */
    serve: (path, htmlOf, init = {}) =>
      server.routes.set(path, (request) =>
        request.answer(htmlOf(request), {
          ...init,
          headers: { "Content-Type": "text/html", ...init.headers },
        }),
      ),
    /** What was asked for since the last time. */
    fetched: () => server.requests.splice(0).map(({ path }) => path),
    /** A request of the page that changes something. */
    async change(list, path = "/change/") {
      server.routes.set(new URL(path, document.baseURI).pathname, (request) =>
        request.answer("", { headers: { "X-Mizan-Invalidate": list } }),
      );
      await window.fetch(path, { method: "POST" });
      server.requests.pop();
      await page.settle();
    },
  });
  for (const type of ["invalidate", "error", "user", "board", "refresh"]) {
    document.addEventListener(`mizan:${type}`, ({ detail }) => page.events.push([type, detail]));
  }
  page.load();
  await new Promise((resolve) => window.addEventListener("load", resolve));
  await page.settle();
  return page;
}
