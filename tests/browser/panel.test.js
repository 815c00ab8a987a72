// The devtools in Chromium, on a page whose policy is as strict as it gets, with a server that answers.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { bundle } from "../../js/size.mjs";
import { launch, Visitor } from "./visitor.js";

const POLICY =
  "default-src 'none'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; script-src 'self' 'wasm-unsafe-eval'";

/** Subscribes to what the page shows, and leaves the rest to the test. `fetched` resolves when all of it is there. */
const APP = `
  import * as mizan from "@mizan/runtime";
  import * as devtools from "@mizan/runtime/devtools";
  const shown = [["user", { user_id: 5 }], ["user", { user_id: 6 }], ["board"]];
  const registrations = shown.map(([context, params]) => mizan.registerContext(context, params));
  for (const registration of registrations) {
    registration.subscribe(() => {});
  }
  const fetched = Promise.all(registrations.map((registration) => registration.read()));
  Object.assign(globalThis, { mizan, devtools, fetched });
`;

const CALLS = {
  /** Says more than it has changed: the board is what it was. */
  rename: ({ name }) => {
    names.set("5", name);
    return [{ context: "user", params: { user_id: 5 } }, "board"];
  },
  touch: () => ["board", "archive"],
};

let script;
let server;
let browser;
let visitor;
let page;
/** The people's names, by id. */
let names;

before(async () => {
  script = await bundle(APP);
  server = createServer(serve);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server.close();
});

beforeEach(async () => {
  names = new Map([
    ["5", "Ada"],
    ["6", "<img src=x onerror=alert(1)>"],
  ]);
  visitor = await Visitor.arrive(browser, `http://127.0.0.1:${server.address().port}`);
  page = await visitor.window("/");
});

afterEach(() => visitor.leave());

async function serve(request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://server.test");
  const answer = (type, text) => response.setHeader("Content-Type", type).end(text);
  const [, , , kind, context] = pathname.split("/");
  if (pathname === "/app.js") {
    answer("text/javascript", script);
  } else if (kind === "ctx") {
    const id = searchParams.get("user_id");
    const profile = { id: Number(id), name: names.get(id) };
    answer(
      "application/json",
      JSON.stringify(
        context === "user"
          ? { user_profile: profile, user_tasks: [{ title: "Write" }] }
          : { cards: [] },
      ),
    );
  } else if (kind === "call") {
    const body = JSON.parse(await new Response(request).text());
    const invalidate = CALLS[body.function](body.args);
    answer("application/json", JSON.stringify({ result: null, invalidate }));
  } else if (kind === "session") {
    answer("application/json", '{"csrf": "token"}');
  } else {
    response.setHeader("Content-Security-Policy", POLICY);
    answer(
      "text/html",
      `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Devtools</title>
      <main><h1>Board</h1></main><script type="module" src="/app.js"></script></html>`,
    );
  }
}

/** Mounts the panel, open, when the page has fetched what it shows: that is older than the panel. */
async function mount(options = { open: true }) {
  await page.evaluate(async (options) => {
    await fetched;
    devtools.mountDevtools(options);
  }, options);
}

const row = (name) => page.getByRole("row", { name });
/** The lines of the time line, as texts without the times. */
const lines = async () => {
  const texts = await page.locator(".moments button").allInnerTexts();
  return texts.map((text) => text.replace(/^[\d:.]+\s*/, "").replace(/\s+/g, " "));
};
const call = (name, args) =>
  page.evaluate(
    ([name, args]) => mizan.mizanCall(name, args, { awaitRefetch: true }),
    [name, args],
  );

test("under a strict policy the panel shows each context with its state, subscribers and value", async () => {
  await mount();
  await row("user?user_id=5").getByText("fresh").waitFor();
  assert.equal(await page.getByRole("tab", { name: "Contexts 3" }).count(), 1);
  assert.match(await row("user?user_id=5").innerText(), /fresh\s+> \d+ s\s+1\s+\d+ B/);
  await page.getByRole("button", { name: "user?user_id=6" }).click();
  const detail = page.getByRole("region", { name: "Chosen context" });
  await detail.getByText("user_profile", { exact: true }).click();
  // What a server sends is a text, whatever it looks like.
  await detail.getByText('"<img src=x onerror=alert(1)>"').waitFor();
  assert.equal(await page.locator("img").count(), 0);
});

test("a call is shown with what it invalidated, what was fetched again, and what of it in vain", async () => {
  await mount();
  await page.getByRole("tab", { name: /Time line/ }).click();
  await call("rename", { name: "Grace" });
  await page.getByText("wasted", { exact: true }).waitFor();
  const shown = (await lines()).slice(0, 4).map((line) => line.replace(/ [\d.]+ m?s$/, ""));
  assert.deepEqual(shown, [
    "call rename done",
    "invalidation user?user_id=5, board 2 refetches",
    "fetch user?user_id=5 changed",
    "fetch board wasted",
  ]);
  const summary = page.getByRole("region", { name: "Refetches by reason" });
  assert.match(
    await summary.getByRole("row", { name: /rename/ }).innerText(),
    /1\s+2\s+1 \(50 %\)/,
  );
  await page.getByRole("button", { name: /call rename/ }).click();
  const detail = page.getByRole("region", { name: "Chosen moment" });
  assert.equal(await detail.getByText('"Grace"').count(), 1);
  await page.getByRole("button", { name: /fetch user/ }).click();
  assert.equal(await detail.getByText("rename invalidated it").count(), 1);
  assert.equal(await detail.getByText("user_profile", { exact: true }).count(), 1);
});

test("buttons fetch one again, invalidate one or all, and hold and clear the time line", async () => {
  await mount();
  await page.getByRole("button", { name: "user?user_id=5" }).click();
  names.set("5", "Grace");
  await page.getByRole("button", { name: "Refetch" }).click();
  await page.getByText("Last fetched because: refetch()").waitFor();
  await page.getByText("user_profile", { exact: true }).click();
  await page.getByText('"Grace"').waitFor();
  names.set("5", "Edith");
  await page.getByRole("button", { name: "Invalidate", exact: true }).click();
  await page.getByText("Last fetched because: invalidate()").waitFor();
  await page.getByText('"Edith"').waitFor();
  await page.getByRole("button", { name: "Invalidate all" }).click();
  await page.getByRole("tab", { name: /Time line/ }).click();
  await page.getByText("3 refetches").waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  const held = await lines();
  await call("touch");
  await page.getByRole("searchbox").fill("board");
  await page.getByRole("searchbox").fill("");
  assert.deepEqual(await lines(), held);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: /call touch/ }).waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  assert.deepEqual(await lines(), []);
});

test("the filter leaves the contexts whose key it is part of, and what has to do with them", async () => {
  await mount();
  await row("board").waitFor();
  await page.getByRole("searchbox", { name: "Filter" }).fill("USER_ID=6");
  assert.deepEqual(await page.locator("tbody .key").allInnerTexts(), ["user?user_id=6"]);
  await call("rename", { name: "Grace" });
  await call("touch");
  await page.getByRole("tab", { name: /Time line/ }).click();
  await page.getByRole("searchbox").fill("user_id=5");
  assert.deepEqual(
    (await lines()).map((line) => line.split(" ").slice(0, 2).join(" ")),
    ["call rename", "invalidation user?user_id=5,", "fetch user?user_id=5", "fetch board"],
  );
});

test("the keyboard reaches everything, and the page's shortcuts do not hear it", async () => {
  await mount({});
  await page.evaluate(() => {
    globalThis.heard = [];
    addEventListener("keydown", ({ key }) => heard.push(key));
  });
  const launcher = page.getByRole("button", { name: "Open Mizan devtools" });
  await launcher.focus();
  await page.keyboard.press("Enter");
  const contexts = page.getByRole("tab", { name: /Contexts/ });
  const focused = () =>
    page.evaluate(() => document.activeElement.shadowRoot.activeElement.innerText.split(/\s/)[0]);
  assert.equal(await focused(), "Contexts");
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "Time");
  assert.equal(await contexts.getAttribute("aria-selected"), "false");
  await page.keyboard.press("Home");
  assert.equal(await contexts.getAttribute("aria-selected"), "true");
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("tablist").count(), 0);
  assert.equal(await launcher.evaluate((button) => button.matches(":focus")), true);
  assert.deepEqual(await page.evaluate(() => heard), []);
});

test("it is open again after a reload if it was, and mounting it twice gives one", async () => {
  await mount({});
  await page.getByRole("button", { name: "Open Mizan devtools" }).click();
  await page.reload();
  await mount({});
  await mount({});
  assert.equal(await page.getByRole("tablist").count(), 1);
  await page.getByRole("button", { name: "Close Mizan devtools" }).click();
  await page.reload();
  await mount({ open: true });
  assert.equal(await page.getByRole("tablist").count(), 0);
  const left = await page.evaluate(() => {
    devtools.mountDevtools()();
    return document.querySelectorAll("mizan-devtools").length;
  });
  assert.equal(left, 0);
});

test("the browser's performance tools have each call and fetch as a measure, and the page keeps none", async () => {
  await mount();
  await row("board").waitFor();
  await page.evaluate(() => {
    globalThis.measures = [];
    const keep = (list) =>
      measures.push(...list.getEntries().map(({ name, detail }) => [name, detail.devtools.track]));
    globalThis.observer = new PerformanceObserver(keep);
    observer.observe({ type: "measure" });
  });
  await call("rename", { name: "Grace" });
  await page.waitForFunction(() => measures.length === 3);
  assert.deepEqual((await page.evaluate(() => measures)).sort(), [
    ["mizan call rename", "Calls"],
    ["mizan fetch board", "Fetches"],
    ["mizan fetch user?user_id=5", "Fetches"],
  ]);
  assert.equal(await page.evaluate(() => performance.getEntriesByType("measure").length), 0);
});
