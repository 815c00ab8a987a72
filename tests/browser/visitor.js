// A person at a browser, who also notices what a page should never do.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

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

export function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...ARGUMENTS, ...more],
  });
}

/** What each window has asked for and not yet got. */
const underWay = new WeakMap();

/** One browser profile: its own cookies, any number of windows. */
export class Visitor {
  #complaints = [];
  #expected = [];
  #tolerated = [];
  #heard = () => {};

  static async arrive(browser, url, options = {}) {
    const visitor = new Visitor();
    visitor.context = await browser.newContext({ baseURL: url, ...options });
    visitor.context.setDefaultTimeout(10_000);
    await visitor.context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP: ${event.violatedDirective} blocked ${event.blockedURI}`);
      });
    });
    return visitor;
  }

  async window(path = "/") {
    const page = await this.emptyWindow();
    await page.goto(path);
    return page;
  }

  /** One that has been nowhere yet. */
  async emptyWindow() {
    const page = await this.context.newPage();
    const requests = new Set();
    underWay.set(page, requests);
    page.on("request", (request) => requests.add(request));
    for (const end of ["requestfinished", "requestfailed"]) {
      page.on(end, (request) => requests.delete(request));
    }
    page.on("pageerror", (error) => this.#complain(`exception: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      this.#complain(`${message.type()}: ${message.text()}`);
    });
    return page;
  }

  /** The browser itself logs each failed request; a test that provokes one says so. */
  expectStatus(status) {
    this.expectFailure(`the server responded with a status of ${status}`);
  }

  expectFailure(text) {
    this.#expected.push(text);
  }

  /** For a failed request that depends on which of two messages comes first. */
  tolerateStatus(status) {
    this.#tolerated.push(`the server responded with a status of ${status}`);
  }

  #complain(text) {
    this.#complaints.push(text);
    this.#heard();
  }

  /** The browser reports what it has blocked in its own time, which may be after the page has moved on. */
  async #expectedToArrive() {
    const deadline = AbortSignal.timeout(5000);
    const missing = () =>
      this.#expected.some((text) => {
        const count = (texts) => texts.filter((other) => other.includes(text)).length;
        return count(this.#complaints) < this.#expected.filter((other) => other === text).length;
      });
    while (missing() && !deadline.aborted) {
      await new Promise((resolve) => {
        this.#heard = resolve;
        deadline.addEventListener("abort", resolve, { once: true });
      });
    }
  }

  /** Closes every window. Fails on console errors, exceptions and policy violations. */
  async leave() {
    await this.#expectedToArrive();
    await this.context.close();
    const left = [...this.#complaints];
    for (const text of this.#expected) {
      const index = left.findIndex((complaint) => complaint.includes(text));
      assert.notEqual(index, -1, `expected to see: ${text}`);
      left.splice(index, 1);
    }
    const tolerable = (complaint) => this.#tolerated.some((text) => complaint.includes(text));
    assert.deepEqual(
      left.filter((complaint) => !tolerable(complaint)),
      [],
    );
  }
}

/** Logs in by the button of the page; resolves when the page belongs to that person. */
export async function logIn(page, name) {
  await page.getByRole("button", { name: `Log in as ${name}` }).click();
  await page.getByRole("button", { name: /^Notifications/ }).waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await quiet(page);
}

/** Resolves when the page has shown its data and no request has been under way for a while. */
export async function quiet(page) {
  await page.locator(".skeleton-bar").first().waitFor({ state: "detached" });
  const requests = underWay.get(page);
  const deadline = AbortSignal.timeout(30_000);
  // Not the load state `networkidle`, which a page reaches once.
  for (let calm = 0; calm < 5; calm++) {
    await page.waitForTimeout(100);
    if (requests.size > 0) {
      calm = -1;
    }
    if (deadline.aborted) {
      const urls = [...requests].map((request) => `${request.method()} ${request.url()}`);
      throw new Error(`The page is not quiet: ${urls.join(", ")}`);
    }
  }
}
