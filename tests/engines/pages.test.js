// What pages see, in the engine that ENGINE names: a real browser, a real server, and a network between
// them that does what a test says. Requests are counted where they come in.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { By } from "selenium-webdriver";
import { engine, startBrowser } from "./engine.js";
import { Gateway } from "./gateway.js";
import { startSite } from "./site.js";
import { Tab } from "./tab.js";

/** Whose HTTP cache answers with what it has while it revalidates, if it is allowed to. */
const STALE_WHILE_REVALIDATE = { chromium: true, firefox: true, webkit: false };

let site;
let browser;
let gateway;
let tab;
let tabs;
let tests = 0;
/** The id of a note that no other test knows, and its neighbour's. */
let id;
let other;

before(async () => {
  [site, browser] = await Promise.all([startSite(), startBrowser()]);
});

after(async () => {
  await browser?.quit();
  await site?.stop();
});

beforeEach(async () => {
  tests++;
  [id, other] = [2 * tests, 2 * tests + 1];
  tabs = [];
  // An address of its own for each test: no cookie, cache or channel of another one.
  gateway = await Gateway.open(`127.0.0.${10 + tests}`, site.port);
  tab = await Tab.first(browser.driver);
  await tab.go(gateway.url + pageOf(id));
});

afterEach(async () => {
  try {
    for (const each of [tab, ...tabs]) {
      assert.deepEqual(await each.do("complaints"), []);
    }
  } finally {
    for (const each of tabs) {
      await each.close();
    }
    await (await tab.front()).get("about:blank");
    await gateway.close();
  }
});

const pageOf = (id) => `/notes/${id}/`;
const formOf = (id) => `/notes/${id}/edit/`;
const keyOf = (id) => `note?note_id=${id}`;
const getOf = (id) => `GET /api/mizan/ctx/note/?note_id=${id}`;
const CALL = "POST /api/mizan/call/";
const ME = "GET /api/mizan/ctx/me/";
const write = (id, text) => ["write", { note_id: id, text }];

async function another() {
  const another = await Tab.another(browser.driver);
  tabs.push(another);
  await another.go(gateway.url + pageOf(id));
  return another;
}

/** Both notes of the test, empty and watched. */
async function watchBoth() {
  await tab.watch("note", { note_id: id }, { text: "" });
  await tab.watch("note", { note_id: other }, { text: "" });
  return gateway.requests.length;
}

test("what the body of a call's answer names is fetched again once, and nothing else", async () => {
  const before = await watchBoth();
  assert.deepEqual(await tab.do("callAndWait", ...write(id, "one")), { text: "one" });
  assert.deepEqual((await tab.do("state", keyOf(id))).data, { note: { text: "one" } });
  await tab.do("settled");
  assert.deepEqual(gateway.since(before), [`GET ctx/note/?note_id=${id}`, "POST call/"]);
});

test("what the header of an answer to the page's own request names is fetched again once", async () => {
  const before = await watchBoth();
  const answer = await tab.do("fetchForm", formOf(id), "one");
  assert.deepEqual(answer, { status: 200, redirected: false });
  await tab.shows(keyOf(id), { text: "one" });
  await tab.do("settled");
  assert.deepEqual(gateway.since(before), [`GET ctx/note/?note_id=${id}`]);
});

test("a redirect of the page's own fetch is heard of, in this tab and in another", async () => {
  await watchBoth();
  const second = await another();
  await second.watch("note", { note_id: id }, { text: "" });
  const before = gateway.requests.length;

  const answer = await tab.do("fetchForm", `${formOf(id)}?redirect`, "one");
  assert.deepEqual(answer, { status: 200, redirected: true });
  await tab.shows(keyOf(id), { text: "one" });
  await second.shows(keyOf(id), { text: "one" });
  await tab.do("settled");
  await second.do("settled");
  assert.deepEqual(gateway.since(before), Array(2).fill(`GET ctx/note/?note_id=${id}`));
});

test("a redirect of an XMLHttpRequest is heard of, in this tab and in another", async () => {
  await watchBoth();
  const second = await another();
  await second.watch("note", { note_id: id }, { text: "" });
  const before = gateway.requests.length;

  const { url } = await tab.do("xhrForm", `${formOf(id)}?redirect`, "one");
  assert.equal(url, gateway.url + pageOf(id));
  await tab.shows(keyOf(id), { text: "one" });
  await second.shows(keyOf(id), { text: "one" });
  await tab.do("settled");
  await second.do("settled");
  assert.deepEqual(gateway.since(before), Array(2).fill(`GET ctx/note/?note_id=${id}`));
});

test("the header of an answer to an XMLHttpRequest counts", async () => {
  const before = await watchBoth();
  await tab.do("xhrForm", formOf(id), "one");
  await tab.do("settled");
  assert.deepEqual(gateway.since(before), [`GET ctx/note/?note_id=${id}`]);
});

test("a form that redirects is heard of by the page it leads to, and by another tab", async () => {
  const second = await another();
  await second.watch("note", { note_id: id }, { text: "" });
  await second.watch("note", { note_id: other }, { text: "" });
  const before = gateway.requests.length;

  const driver = await tab.front();
  await driver.findElement(By.name("text")).sendKeys("one");
  await driver.findElement(By.css("button")).click();
  await gateway.came(`GET ${pageOf(id)}`, 1, before);
  await tab.ready();
  await tab.watch("note", { note_id: id }, { text: "one" });
  await second.shows(keyOf(id), { text: "one" });
  await tab.do("settled");
  await second.do("settled");
  assert.deepEqual(gateway.since(before), Array(2).fill(`GET ctx/note/?note_id=${id}`));
});

test("what an HTTP cache may show while it revalidates is not shown after a call", async () => {
  const key = await tab.watch("bulletin", { note_id: id }, { text: "" });
  await tab.do("callAndWait", ...write(id, "one"));
  assert.deepEqual((await tab.do("state", key)).data, { bulletin: { text: "one" } });

  // The trap is real: without the runtime, the browser answers from its cache.
  await site.write(id, "two");
  const { bulletin } = await tab.do("get", `/api/mizan/ctx/bulletin/?note_id=${id}`);
  assert.equal(bulletin.text, STALE_WHILE_REVALIDATE[engine] ? "one" : "two");
  await site.write(id, "three");
  await tab.do("invalidate", ["bulletin"]);
  await tab.shows(key, { text: "three" });
});

test("a page that comes back by the back button shows what the server has", async () => {
  await watchBoth();
  await tab.do("settled");
  const second = await another();
  const driver = await tab.front();
  await driver.get(`${gateway.url}/away/`);
  await tab.ready();

  // The message that the other tab sends must not cost the page its place in the browser's cache.
  await second.do("callAndWait", ...write(id, "one"));
  await site.write(other, "two");
  const before = gateway.requests.length;
  await tab.front();
  await driver.navigate().back();
  await tab.ready();
  assert.equal(await tab.do("restored"), 1);
  await tab.shows(keyOf(id), { text: "one" });
  await tab.shows(keyOf(other), { text: "two" });
  await tab.do("settled");
  // To become visible, to be restored and to hear of a change are three reasons to ask, in an order of
  // the browser's own. What one has asked for, the next may ask for again.
  const asked = gateway.since(before);
  assert.deepEqual(
    [...new Set(asked)],
    [`GET ctx/note/?note_id=${id}`, `GET ctx/note/?note_id=${other}`],
  );
  assert.ok(asked.length <= 6, `${asked.length} requests: ${await tab.do("events")}`);
});

test("what one tab changes the other fetches once", async () => {
  await watchBoth();
  const second = await another();
  await second.watch("note", { note_id: id }, { text: "" });
  await second.watch("note", { note_id: other }, { text: "" });
  const before = gateway.requests.length;

  await tab.do("callAndWait", ...write(id, "one"));
  await second.shows(keyOf(id), { text: "one" });
  await tab.do("settled");
  await second.do("settled");
  assert.deepEqual(gateway.since(before), [
    ...Array(2).fill(`GET ctx/note/?note_id=${id}`),
    "POST call/",
  ]);
});

test("after a login in a second tab nothing of the one before is shown, however late it comes", async () => {
  await tab.do("call", "log_in", { name: "ada" });
  const key = await tab.watch("me", null, { name: "ada" });
  const second = await another();
  await second.watch("me", null, { name: "ada" });

  // An answer to Ada is on its way when Bob logs in.
  const held = gateway.hold(ME);
  await tab.do("invalidate", ["me"]);
  await held.arrived(1);
  await second.do("call", "log_in", { name: "bob" });
  const past = (await tab.do("history", key)).length;
  held.releaseAll();

  await second.shows(key, { name: "bob" });
  await tab.shows(key, { name: "bob" });
  await tab.do("settled");
  const later = (await tab.do("history", key)).slice(past);
  assert.deepEqual(
    later.filter((value) => value.includes("ada")),
    [],
  );
  assert.ok((await tab.do("events")).includes("identity"));
});

test("what changes while the network is gone is shown when it is back", async () => {
  await watchBoth();
  await gateway.close();
  await tab.do("setOnline", false);
  await site.write(id, "one");
  // Somebody on the page has heard of it, but cannot ask.
  await tab.do("invalidate", ["note"]);
  assert.deepEqual((await tab.do("state", keyOf(id))).data, { note: { text: "" } });

  await gateway.listen();
  await tab.do("setOnline", true);
  await tab.shows(keyOf(id), { text: "one" });
  await tab.shows(keyOf(other), { text: "" });
  for (const key of [keyOf(id), keyOf(other)]) {
    assert.ok(!(await tab.do("history", key)).includes("nothing"), "a value stays");
  }
});

test("an answer that was overtaken is not believed when it comes after its successor", async () => {
  await watchBoth();
  await site.write(id, "one");
  const held = gateway.hold(getOf(id));
  await tab.do("invalidate", [{ context: "note", params: { note_id: id } }]);
  await held.arrived(1);
  await site.write(id, "two");
  await tab.do("invalidate", [{ context: "note", params: { note_id: id } }]);
  await held.arrived(2);
  held.release(1);
  await tab.shows(keyOf(id), { text: "two" });
  held.releaseAll();
  await tab.do("settled");
  await tab.shows(keyOf(id), { text: "two" });
  assert.deepEqual((await tab.do("history", keyOf(id))).at(-1), texted("two"));
});

test("an invalidation during a slow first fetch is not lost", async () => {
  const held = gateway.hold(getOf(id));
  await tab.do("watch", "note", { note_id: id });
  await held.arrived(1);
  await tab.do("call", ...write(id, "one"));
  await held.arrived(2);
  held.releaseAll();
  await tab.shows(keyOf(id), { text: "one" });
});

test("two calls whose answers come in the other order leave what the server has", async () => {
  await watchBoth();
  const held = gateway.hold(CALL);
  const first = await tab.begin("callAndWait", ...write(id, "one"));
  await held.arrived(1);
  const second = await tab.begin("callAndWait", ...write(id, "two"));
  await held.arrived(2);
  const before = gateway.requests.length;
  held.release(1);
  assert.deepEqual(await second(), { value: { text: "two" } });
  const between = gateway.requests.length;
  held.releaseAll();
  assert.deepEqual(await first(), { value: { text: "one" } });
  await tab.shows(keyOf(id), { text: "two" });
  assert.equal(gateway.count(getOf(id), before), 2);
  assert.equal(gateway.count(getOf(id), between), 1, "read after the later answer, too");
});

test("a gateway's error leaves the older value beside it, until the next fetch", async () => {
  await watchBoth();
  gateway.fail(getOf(id), 502);
  await tab.do("call", ...write(id, "one"));
  await gateway.sent(getOf(id), 502);
  await tab.do("invalidate", ["note"]);
  await tab.shows(keyOf(id), { text: "one" });
  assert.deepEqual(await tab.do("history", keyOf(id)), ["", "one"].map(texted));
});

test("a fetch that a gateway answered with 503 once is repeated by itself", async () => {
  await watchBoth();
  gateway.fail(getOf(id), 503);
  await tab.do("callAndWait", ...write(id, "one"));
  const { data, error } = await tab.do("state", keyOf(id));
  assert.deepEqual({ data, error }, { data: { note: { text: "one" } }, error: null });
  assert.equal(gateway.answered(getOf(id), 503), 1);
});

test("an answer that breaks off leaves the older value beside the error, until the next fetch", async () => {
  await watchBoth();
  const before = gateway.requests.length;
  gateway.cut(getOf(id));
  await tab.do("call", ...write(id, "one"));
  await gateway.came(getOf(id), 1, before);
  await tab.do("invalidate", ["note"]);
  await tab.shows(keyOf(id), { text: "one" });
  assert.deepEqual(await tab.do("history", keyOf(id)), ["", "one"].map(texted));
});

test("a call that fails changes nothing, and says what the server said", async () => {
  const before = await watchBoth();
  const { error } = await tab.try("call", "fail", { note_id: id });
  assert.deepEqual([error.status, error.type], [500, "urn:mizan:problem:internal"]);
  await tab.do("settled");
  assert.deepEqual(gateway.since(before), ["POST call/"]);
});

for (const [what, break_] of [
  ["breaks off", () => gateway.cut(CALL)],
  ["is a gateway's error", () => gateway.fail(CALL, 502)],
]) {
  test(`a call whose answer ${what} is not repeated, and all that is in use is fetched again`, async () => {
    const before = await watchBoth();
    await site.write(other, "elsewhere");
    break_();
    const { error } = await tab.try("call", ...write(id, "one"));
    assert.equal(error.name, "MizanError");
    await tab.shows(keyOf(id), { text: "one" });
    await tab.shows(keyOf(other), { text: "elsewhere" });
    await tab.do("settled");
    assert.equal(gateway.count(CALL, before), 1);
  });
}

test("a CSRF cookie that the server does not accept is renewed, and the call sent once more", async () => {
  const before = await watchBoth();
  await tab.do("setCookie", "csrftoken=garbled; path=/");
  assert.deepEqual(await tab.do("callAndWait", ...write(id, "one")), { text: "one" });
  await tab.do("settled");
  assert.deepEqual(gateway.since(before), [
    `GET ctx/note/?note_id=${id}`,
    "GET session/",
    "POST call/",
    "POST call/",
  ]);
  assert.equal(gateway.answered(CALL, 403), 1);
});

test("a CSRF token that no script can read, and that a login in another tab rotates, is renewed", async (t) => {
  const strict = await startSite({ CSRF_USE_SESSIONS: "1" });
  t.after(() => strict.stop());
  // Another host: no cookie is there that the site's own settings would have set.
  await gateway.close();
  gateway = await Gateway.open("127.0.0.9", strict.port);
  await tab.go(gateway.url + pageOf(id));
  await tab.do("call", ...write(id, "one"));
  const second = await another();
  await second.do("call", "log_in", { name: "bob" });

  const before = gateway.requests.length;
  assert.deepEqual(await tab.do("call", ...write(id, "two")), { text: "two" });
  assert.deepEqual(gateway.since(before), ["GET session/", "POST call/", "POST call/"]);
  // The new one is kept.
  assert.deepEqual(await tab.do("call", ...write(id, "three")), { text: "three" });
  assert.equal(gateway.count(CALL, before), 3);
});

test("20 calls that are answered with 401 wait for one new token", async () => {
  await tab.do("call", "log_in", { name: "ada" });
  await tab.do("useTokens");
  assert.deepEqual(await tab.do("call", "greet"), { name: "ada" });
  await tab.do("voidToken");

  const before = gateway.requests.length;
  const held = gateway.hold("POST /token/");
  const numbers = await tab.do("beginAll", Array(20).fill(["call", "greet"]));
  await gateway.sent(CALL, 401, 20);
  await held.arrived(1);
  held.releaseAll();
  for (const number of numbers) {
    assert.deepEqual(await tab.do("end", number), { value: { name: "ada" } });
  }
  assert.equal(gateway.count("POST /token/", before), 1);
  assert.equal(gateway.count(CALL, before), 40);
});

test("20 contexts whose token is void are fetched with one new token", async () => {
  await tab.do("call", "log_in", { name: "ada" });
  await tab.do("useTokens");
  await tab.do("voidToken");

  const before = gateway.requests.length;
  const held = gateway.hold("POST /token/");
  const ids = Array.from({ length: 20 }, (_, index) => index);
  const reads = ids.map((secret_id) => ["read", "secret", { secret_id }]);
  const numbers = await tab.do("beginAll", reads);
  // How many are under way together is the runtime's business, but more than one wait.
  await gateway.came("GET /api/mizan/ctx/secret/?secret_id=1", 1, before);
  await held.arrived(1);
  held.releaseAll();
  for (const [index, number] of numbers.entries()) {
    const value = { secret: { name: `ada ${index}` } };
    assert.deepEqual(await tab.do("end", number), { value });
  }
  assert.equal(gateway.count("POST /token/", before), 1);
});

test("without 'wasm-unsafe-eval' every use fails with the one error that says what to allow", async () => {
  await tab.go(`${gateway.url}/without-wasm/`);
  for (const use of [
    ["key", "note", { note_id: id }],
    ["read", "note", { note_id: id }],
    ["call", ...write(id, "one")],
    ["watch", "note", { note_id: id }],
    ["header", ["note"]],
  ]) {
    const { error } = await tab.try(...use);
    assert.equal(
      error.message,
      "WebAssembly is blocked: allow 'wasm-unsafe-eval' in script-src, or import @mizan/runtime/js",
    );
    assert.equal(error.cause, "CompileError");
  }
  assert.equal(gateway.requests.filter((request) => request.includes("/api/")).length, 0);
  const complaints = await tab.do("complaints");
  assert.deepEqual(
    complaints.filter((text) => text !== "policy: script-src blocked wasm-eval"),
    [],
  );
});

for (const [what, path] of [
  ["the script that Django writes works", "/script/"],
  ["the twin's script that Django writes works where WebAssembly is forbidden", "/twin/"],
]) {
  test(what, async () => {
    await tab.go(gateway.url + path);
    const driver = await tab.front();
    assert.equal(await driver.executeScript("return typeof Mizan"), "object");
    await watchBoth();
    await tab.do("callAndWait", ...write(id, "one"));
    assert.deepEqual(await tab.do("history", keyOf(id)), [texted(""), texted("one")]);
    assert.deepEqual(await tab.do("history", keyOf(other)), [texted("")]);
  });
}

/** A note's text as the page's history has it. */
function texted(text) {
  return JSON.stringify({ note: { text } });
}
