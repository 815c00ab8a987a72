// What one page in a fresh browser context does and costs.

import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { CELLS, CELLS_OF_USER, TASKS } from "./sizes.js";

/** For so many milliseconds nothing must be under way before a page counts as idle. */
const QUIET = 25;

export class Page {
  #context;
  #page;
  #session;
  #errors = [];
  #limit;

  static async open({ browser, server, library, limit }, name) {
    const page = new Page();
    page.server = server;
    page.#limit = limit;
    server.reset();
    page.#context = await browser.newContext({ baseURL: server.origin });
    page.#page = await page.#context.newPage();
    page.#page.on("pageerror", (error) => page.#errors.push(error.message));
    page.#page.on("console", (message) => {
      if (message.type() === "error") page.#errors.push(message.text());
    });
    page.#session = await page.#context.newCDPSession(page.#page);
    await page.#session.send("Performance.enable", { timeDomain: "threadTicks" });
    // The process and the connection are there before what is measured begins.
    await page.#page.goto("/");
    const before = await page.#work();
    await page.#page.goto(`/${library}/${name}`);
    const time = await page.#until(() => globalThis.record.content);
    await page.#idle();
    page.load = { time, work: (await page.#work()) - before };
    return page;
  }

  async close() {
    await this.#context.close();
    assert.deepEqual(this.#errors, []);
  }

  /** How often each of the components that show data has rendered. */
  renders(kind) {
    return this.#page.evaluate((kind) => [...globalThis.record.renders[kind]], kind);
  }

  texts(selector) {
    return this.#page.evaluate(
      (selector) => [...document.querySelectorAll(selector)].map((node) => node.textContent),
      selector,
    );
  }

  /** A click on a button that writes `value`, until `count` components show it, and what came of it. */
  async click(kind, button, value, count) {
    const before = await this.renders(kind);
    const { reads, writes } = this.server;
    const work = await this.#work();
    const time = await this.#until(
      ([button, value, count]) => globalThis.record.click(button, value, count),
      [button, value, count],
    );
    await this.#idle();
    assert.equal(this.server.writes, writes + 1);
    const after = await this.renders(kind);
    const renders = after.map((count, at) => count - before[at]);
    return {
      time,
      work: (await this.#work()) - work,
      requests: this.server.reads - reads + this.server.writes - writes,
      renders: sum(renders),
      rendered: renders.filter((count) => count).length,
    };
  }

  /** What the page never shows is an error. */
  async #until(inPage, argument) {
    const late = wait(this.#limit * 1000, undefined, { ref: false }).then(() => {
      throw new Error(`not shown within ${this.#limit} s ${this.#errors.join(" ")}`);
    });
    return Promise.race([this.#page.evaluate(inPage, argument), late]);
  }

  /** Resolves when the page has asked for nothing for a while, and has nothing left to do. */
  async #idle() {
    let seen;
    do {
      seen = this.server.reads + this.server.writes;
      await wait(QUIET);
      await this.#page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => setTimeout(done))),
      );
    } while (this.server.open || this.server.reads + this.server.writes !== seen);
  }

  /**
   * How long the main thread has worked until now but for style and layout, in milliseconds of its processor.
   * `ScriptDuration` alone would leave out what runs in microtasks, and so most of what promises do.
   */
  async #work() {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    const seconds = (name) => metrics.find((metric) => metric.name === name).value;
    const rest = seconds("RecalcStyleDuration") + seconds("LayoutDuration");
    return (seconds("TaskDuration") - rest) * 1000;
  }
}

function sum(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** Opens the page with 50 users, and renames some of them. */
export async function measureUsers(visit, users) {
  const { server } = visit;
  const page = await Page.open(visit, "users");
  try {
    const renders = sum(await page.renders("cells"));
    const load = { ...page.load, requests: server.reads, renders };
    const clicks = [];
    for (const id of users) {
      clicks.push(await page.click("cells", `rename-${id}`, `Renamed ${id}`, CELLS_OF_USER));
    }
    const expected = server.users.flatMap((user) =>
      Array(CELLS_OF_USER).fill(user.user_profile.name),
    );
    assert.equal(expected.length, CELLS);
    assert.deepEqual(await page.texts("p"), expected);
    return { load, clicks };
  } finally {
    await page.close();
  }
}

/** Opens the page with 2,500 tasks, and changes the titles of some. */
export async function measureTasks(visit, tasks) {
  const { server } = visit;
  const page = await Page.open(visit, "tasks");
  try {
    const clicks = [];
    for (const id of tasks) {
      clicks.push(await page.click("rows", "retitle", `Retitled ${id}`, 1));
    }
    const texts = await page.texts("li");
    assert.equal(texts.length, TASKS);
    server.tasks.forEach(({ title, state, estimate }, at) => {
      assert.equal(texts[at], `${title}, ${state}, ${estimate} h`);
    });
    return { load: page.load, clicks };
  } finally {
    await page.close();
  }
}
