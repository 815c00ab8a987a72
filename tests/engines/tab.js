// One tab of the browser. All that happens in the page is done by the page's own code (site/page.js).

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { By } from "selenium-webdriver";

const PATIENCE = 10_000;

/** Which window a driver speaks to. */
const current = new WeakMap();

export class Tab {
  #driver;
  #handle;

  /** The tab that the browser has at first. */
  static async first(driver) {
    const handle = await driver.getWindowHandle();
    current.set(driver, handle);
    return new Tab(driver, handle);
  }

  /** Another tab beside those that there are. */
  static async another(driver) {
    await driver.switchTo().newWindow("window");
    return Tab.first(driver);
  }

  constructor(driver, handle) {
    this.#driver = driver;
    this.#handle = handle;
  }

  async front() {
    if (current.get(this.#driver) !== this.#handle) {
      await this.#driver.switchTo().window(this.#handle);
      current.set(this.#driver, this.#handle);
    }
    return this.#driver;
  }

  /** Goes to a page, and resolves when its code is there. */
  async go(url) {
    await (await this.front()).get(url);
    await this.ready();
  }

  /** Clicks as a user does, and resolves when the page that this leads to is there. */
  async follow(selector) {
    const driver = await this.front();
    await this.leave(() => driver.findElement(By.css(selector)).click());
  }

  /** Resolves when there is another page than before. */
  async leave(act) {
    const driver = await this.front();
    await driver.executeScript("window.left = true");
    await act();
    await driver.wait(() => driver.executeScript("return !('left' in window)"), PATIENCE);
    await this.ready();
  }

  /** Whether such a page is there. */
  async has() {
    const driver = await this.front();
    return driver.executeScript("return 'page' in window");
  }

  /** Resolves when a page is there whose code has run. */
  async ready() {
    const driver = await this.front();
    await driver.wait(
      () => driver.executeScript("return document.readyState === 'complete' && 'page' in window"),
      PATIENCE,
    );
  }

  /** What a command of the page came to. Fails if it fails. */
  async do(name, ...args) {
    const { value, error } = await this.try(name, ...args);
    assert.equal(error, undefined, `${name}: ${JSON.stringify(error)}`);
    return value;
  }

  /** What a command of the page came to: `{value}` or `{error}`. */
  async try(name, ...args) {
    const driver = await this.front();
    return driver.executeScript("return page(...arguments)", name, args);
  }

  /** Begins a command. The result waits for its end, with `{value}` or `{error}`. */
  async begin(name, ...args) {
    const number = await this.do("begin", name, ...args);
    return () => this.do("end", number);
  }

  /** Waits until a command's result is this. */
  async until(expected, name, ...args) {
    const driver = await this.front();
    let found;
    const same = async () => {
      found = await this.do(name, ...args);
      return isDeepStrictEqual(found, expected);
    };
    await driver.wait(same, PATIENCE, "", 20).catch(() => assert.deepEqual(found, expected));
  }

  /** Waits until the one member of a key has this value, believed and without an error, and all is calm. */
  async shows(key, value) {
    const data = { [key.split("?")[0]]: value };
    const state = { data, error: null, status: "success", isFetching: false, isStale: false };
    await this.until(state, "state", key);
  }

  /** Watches a context, and waits for its value. Resolves with its key. */
  async watch(context, params, value) {
    const key = await this.do("watch", context, params);
    await this.shows(key, value);
    return key;
  }

  async close() {
    await (await this.front()).close();
    current.delete(this.#driver);
  }
}
