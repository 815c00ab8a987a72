// What each test of pages of templates has: notes and an address that no other test has, a tab, and the
// requests that came in, which are noted for a table.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { engine, startBrowser } from "./engine.js";
import { Gateway } from "./gateway.js";
import { startSite } from "./site.js";
import { Tab } from "./tab.js";

export { engine };

/** What is no request of a test's page: its scripts, the end of a wait, what a browser asks on its own. */
const ASIDE = /^GET (\/app)?\/(favicon\.ico|still|static|ext|bundle|[a-z0-9.-]+\.js)\b/;

const table = new URL("../../target/requests/", import.meta.url);

/**
 * Makes `scenario(title, run)`, which is a test for each version of htmx; `run` is given the stage. `settings`:
 * what the site reads from the environment. `prepare(site)`: what is done before the first.
 */
export function openStage(name, settings, prepare = async () => {}) {
  const stage = new Stage(settings?.PREFIX ?? "");
  const rows = [];
  before(async () => {
    [stage.site, stage.browser] = await Promise.all([startSite(settings), startBrowser()]);
    await prepare(stage.site);
  });
  after(async () => {
    await stage.browser?.quit();
    await stage.site?.stop();
    mkdirSync(table, { recursive: true });
    writeFileSync(new URL(`${name}-${engine}.json`, table), JSON.stringify(rows, null, 1));
  });
  return function scenario(title, run, versions = [2, 4]) {
    for (const version of versions) {
      test(`${title} (htmx ${version})`, async () => {
        await stage.enter(version);
        try {
          await run(stage);
          await stage.assertQuiet();
        } finally {
          rows.push({ scenario: title, version, requests: stage.counts });
          await stage.leave();
        }
      });
    }
  };
}

class Stage {
  #entered = 0;
  #since = 0;

  constructor(prefix) {
    this.prefix = prefix;
  }

  async enter(version) {
    this.version = version;
    this.#entered++;
    [this.id, this.other] = [2 * this.#entered, 2 * this.#entered + 1];
    this.tabs = [];
    this.counts = [];
    this.gateway = await Gateway.open(`127.0.0.${9 + this.#entered}`, this.site.port);
    this.tab = await Tab.first(this.browser.driver);
  }

  /** No page has complained of anything that the test did not ask for. */
  async assertQuiet() {
    for (const each of [this.tab, ...this.tabs]) {
      if (await each.has()) {
        assert.deepEqual(await each.do("complaints"), []);
      }
    }
  }

  async leave() {
    for (const each of this.tabs) {
      await each.close();
    }
    await (await this.tab.front()).get("about:blank");
    await this.gateway.close();
  }

  /** The script tags of a page that has both, in the usual order. */
  get scripts() {
    return `${this.htmx}{% mizan_htmx %}`;
  }

  get htmx() {
    return `<script src="{% url "htmx" ${this.version} %}" defer></script>`;
  }

  part = (id = this.id) => `${this.prefix}/part/${id}/`;
  edit = (query = {}, id = this.id) =>
    `${this.prefix}/part/${id}/edit/${Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : ""}`;
  page = (name = this.id) => `${this.prefix}/template/${name}/`;

  /** Keeps a page: what is in its head, in its body, and the headers of its answers. */
  async keep(body, { head = this.scripts, name = this.id, headers = {} } = {}) {
    await this.keepPart(
      name,
      `{% extends "htmx.html" %}{% load mizan %}{% block head %}${head}{% endblock %}{% block body %}${body}{% endblock %}`,
      headers,
    );
  }

  /** Keeps what is no whole page. */
  async keepPart(name, template, headers = {}) {
    const url = `http://127.0.0.1:${this.site.port}${this.page(name)}`;
    const body = JSON.stringify({ template, headers });
    const { status } = await fetch(url, { method: "PUT", body });
    assert.equal(status, 204);
  }

  /** Keeps a page that HTTP caches may keep for a minute, whatever cookies there are by then: it has no token. */
  async keepCached(name, html, headers = {}) {
    const head = `<!doctype html><link rel="icon" href="data:,"><script src="/witness.js"></script>`;
    await this.keepPart(name, `{% load mizan %}${head}${html}`, {
      ...headers,
      "Cache-Control": "max-age=60",
    });
  }

  /** Opens a page in the first tab. From then on requests count. */
  async open(body, options) {
    await this.keep(body, options);
    await this.tab.go(this.gateway.url + this.page(options?.name));
    await this.tab.do("settled");
    this.count();
  }

  /** Opens another tab, at the same page if none is named. */
  async another(path = this.page()) {
    const another = await Tab.another(this.browser.driver);
    this.tabs.push(another);
    await another.go(this.gateway.url + path);
    await another.do("settled");
    this.count();
    return another;
  }

  /** From here on requests count. */
  count() {
    this.#since = this.gateway.requests.length;
  }

  /**
   * Waits until all is calm in all tabs. What came in since then is this, and nothing else; `perhaps`: what a
   * browser may have in its cache.
   */
  async came(expected, perhaps) {
    for (const each of [this.tab, ...this.tabs]) {
      await each.do("settled");
    }
    this.assertCame(expected, perhaps);
  }

  /** The same for pages where something goes on. */
  assertCame(expected, perhaps) {
    const { [perhaps]: _, ...requests } = this.tally();
    assert.deepEqual(requests, expected);
  }

  /** How often each request came since then, which is noted. */
  tally() {
    const requests = {};
    for (const request of this.gateway.requests.slice(this.#since)) {
      if (!ASIDE.test(request)) {
        requests[request] = (requests[request] ?? 0) + 1;
      }
    }
    this.count();
    // The notes have other numbers whenever a test is added.
    const own = new RegExp(`\\b(${this.id}|${this.other})\\b`, "g");
    const common = (request) => request.replace(own, (id) => (Number(id) === this.id ? "1" : "2"));
    this.counts.push(Object.entries(requests).map(([request, times]) => [common(request), times]));
    return requests;
  }
}
