// Pages that Node draws with what Django says, and that the browser takes over as they are.

import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { cards, hold, openBoard, team } from "./board.js";
import { buildApp, startFront, startVite } from "./front.js";
import { logIn, quiet } from "./visitor.js";

const board = openBoard();
let app;
let front;

before(async () => {
  app = await buildApp();
});

beforeEach(async () => {
  front = board.add(await startFront(app, board.url()));
});

/** From where it is another day than where Node is: that must not show in what is drawn. */
const arrive = (options) =>
  board.arrive({ baseURL: front.url, timezoneId: "Pacific/Honolulu", ...options });

/** What the page asks for from now on. */
function asked(page) {
  const paths = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith("/api/")) paths.push(pathname + search);
  });
  return paths;
}

test("a person's page is there without a script", async () => {
  const visitor = await arrive({ javaScriptEnabled: false });
  const requests = board.mark();
  const page = await visitor.window("/people/1/");
  await page.getByRole("heading", { level: 1, name: "Ada Lovelace" }).waitFor();
  await page.getByText("Engineering, here since Mar 2, 2026").waitFor();
  assert.notEqual(await page.locator(".task-list li").count(), 0);
  assert.equal(await team(page).getByRole("link").count(), 5);
  assert.equal(await page.locator(".skeleton-bar").count(), 0);
  assert.deepEqual(requests(), [
    "GET ctx/people/ 200",
    "GET ctx/projects/ 200",
    "GET ctx/session/ 200",
    ...[1, 2, 3, 4, 5].map((id) => `GET ctx/user/?user_id=${id} 200`),
  ]);
});

test("the browser takes a person's page over as it was drawn, fetches nothing, and keeps it up to date", async () => {
  const visitor = await arrive();
  const page = await visitor.emptyWindow();
  const paths = asked(page);
  const script = await hold(page, "**/static/assets/*.js");
  await page.goto("/people/1/", { waitUntil: "commit" });
  const heading = page.getByRole("heading", { level: 1, name: "Ada Lovelace" });
  await heading.evaluate((element) => {
    element.drawn = "by Node";
  });
  script.release();
  await page.getByRole("button", { name: "Log in as Ada Lovelace" }).waitFor();
  await quiet(page);
  assert.deepEqual(paths, []);
  assert.equal(await heading.evaluate((element) => element.drawn), "by Node");

  await logIn(page, "Ada Lovelace");
  const requests = board.mark();
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await page.getByLabel("Your name").fill("Ada King");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Ada King" }).waitFor();
  await quiet(page);
  assert.deepEqual(requests(), [
    "GET ctx/people/ 200",
    "GET ctx/session/ 200",
    "GET ctx/user/?user_id=1 200",
    "POST call/ 200",
  ]);
});

test("nor has React anything to say while one develops, when it compares more", async () => {
  const vite = board.add(await startVite(board.url()));
  const developed = board.add(await startFront(await vite.app(), vite.url));
  for (const path of ["/people/1/", "/projects/2/"]) {
    const visitor = await arrive({ baseURL: developed.url });
    const page = await visitor.emptyWindow();
    const paths = asked(page);
    await page.goto(path);
    await page.getByRole("button", { name: "Open Mizan devtools" }).waitFor();
    await quiet(page);
    assert.deepEqual(paths, []);
    await logIn(page, "Ada Lovelace");
  }
});

test("each visitor's page is drawn with what is theirs", async () => {
  const ada = await arrive();
  const grace = await arrive();
  for (const [visitor, name] of [
    [ada, "Ada Lovelace"],
    [grace, "Grace Hopper"],
  ]) {
    const page = await visitor.window("/people/2/");
    await quiet(page);
    await logIn(page, name);
  }
  const drawn = async (visitor) => (await visitor.context.request.get("/people/2/")).text();
  const banner = (html) => /<header class="header">.*?<\/header>/s.exec(html)[0];
  const pages = await Promise.all([drawn(ada), drawn(grace), drawn(ada)]);
  const names = ["Ada Lovelace", "Grace Hopper", "Ada Lovelace"];
  for (const [index, name] of names.entries()) {
    const text = banner(pages[index]);
    assert.deepEqual(text.match(/Ada Lovelace|Grace Hopper/g), [name]);
    assert.match(text, /unread:/);
  }
});

test("a project's board is drawn and taken over in the same way", async () => {
  const visitor = await arrive();
  const page = await visitor.emptyWindow();
  const paths = asked(page);
  await page.goto("/projects/2/?assignee=2");
  await page.getByRole("button", { name: "Log in as Ada Lovelace" }).waitFor();
  await quiet(page);
  assert.notEqual(await cards(page, "To do").getByText("Grace Hopper").count(), 0);
  assert.deepEqual(paths, []);
});

test("what Django refuses the page asks for itself, and says so", async () => {
  const visitor = await arrive();
  visitor.tolerateStatus(404);
  const page = await visitor.window("/people/99/");
  await page.getByRole("main").getByText("There is no such thing here.").waitFor();
});
