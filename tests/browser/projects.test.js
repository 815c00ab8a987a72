// A project's page: suspended until its board is there, fetched on hover, and what happens when it fails.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cards, hold, openBoard, projects } from "./board.js";
import { quiet } from "./visitor.js";

const board = openBoard();

const POCKET = "GET ctx/board/?project_id=2 200";
const pocket = (page) => projects(page).getByRole("link", { name: "Pocket app" });
const heading = (page, name) => page.getByRole("heading", { level: 1, name });

test("a skeleton has the place of a board until it is there", async () => {
  const visitor = await board.arrive();
  const page = await visitor.emptyWindow();
  const fetched = await hold(page, "**/api/mizan/ctx/board/**");
  await page.goto("/projects/1/");
  await page.getByRole("status", { name: "Loading To do" }).waitFor();
  fetched.release();
  await cards(page, "To do").first().waitFor();
  assert.equal(await page.getByRole("status", { name: "Loading To do" }).count(), 0);
});

test("the board before stays, dimmed, until the next one can be shown", async () => {
  const visitor = await board.arrive();
  const page = await visitor.window("/projects/1/");
  await quiet(page);
  const titles = await cards(page, "To do").getByRole("link").allTextContents();
  const fetched = await hold(page, "**/api/mizan/ctx/board/**");
  await pocket(page).click();
  await fetched.asked;

  await page.locator("main[aria-busy=true]").waitFor();
  assert.equal(await heading(page, "Orbit website").count(), 1);
  assert.equal(await page.getByRole("status", { name: /^Loading/ }).count(), 0);
  assert.deepEqual(await cards(page, "To do").getByRole("link").allTextContents(), titles);
  assert.equal(await pocket(page).getAttribute("aria-current"), "page");

  fetched.release();
  await heading(page, "Pocket app").waitFor();
  await page.locator("main[aria-busy=false]").waitFor();
  assert.notDeepEqual(await cards(page, "To do").getByRole("link").allTextContents(), titles);
});

test("pointing at a project makes the one request, and following the link none", async () => {
  const visitor = await board.arrive();
  const page = await visitor.window("/projects/1/");
  await quiet(page);
  const requests = board.mark();
  await pocket(page).hover();
  await quiet(page);
  assert.deepEqual(requests(), [POCKET]);

  await pocket(page).click();
  await heading(page, "Pocket app").waitFor();
  await cards(page, "To do").first().waitFor();
  await quiet(page);
  assert.deepEqual(requests(), [POCKET]);
});

test("so does coming to it by keyboard", async () => {
  const visitor = await board.arrive();
  const page = await visitor.window("/projects/1/");
  await quiet(page);
  const requests = board.mark();
  await pocket(page).focus();
  await quiet(page);
  await page.keyboard.press("Enter");
  await heading(page, "Pocket app").waitFor();
  await quiet(page);
  assert.deepEqual(requests(), [POCKET]);
});

test("a board that fails says so in its place, and a retry brings it", async () => {
  const visitor = await board.arrive();
  const page = await visitor.window("/projects/1/");
  await quiet(page);
  // React says what a boundary has caught.
  visitor.tolerateStatus(403);
  visitor.expectFailure("MizanError: Forbidden: Not today.");
  const problem = { type: "about:blank", title: "Forbidden", status: 403, detail: "Not today." };
  await page.route("**/api/mizan/ctx/board/**", (route) =>
    route.fulfill({ status: 403, contentType: "application/problem+json", json: problem }),
  );
  await pocket(page).click();
  const alert = page.getByRole("main").getByRole("alert");
  await alert.getByText("Not today.").waitFor();
  assert.equal(await projects(page).getByRole("link").count(), 3);

  await page.unroute("**/api/mizan/ctx/board/**");
  const requests = board.mark();
  await alert.getByRole("button", { name: "Try again" }).click();
  await heading(page, "Pocket app").waitFor();
  await cards(page, "To do").first().waitFor();
  assert.equal(await alert.count(), 0);
  await quiet(page);
  assert.deepEqual(requests(), [POCKET]);
});

test("a project that is not there says so, and another one can be opened from there", async () => {
  const visitor = await board.arrive();
  visitor.tolerateStatus(404);
  visitor.expectFailure("MizanError: Not found");
  const requests = board.mark();
  const page = await visitor.window("/projects/99/");
  await page.getByRole("main").getByText("There is no such thing here.").waitFor();
  await quiet(page);
  assert.deepEqual(
    requests().filter((request) => request.includes("/board/")),
    ["GET ctx/board/?project_id=99 404"],
  );
  await pocket(page).click();
  await heading(page, "Pocket app").waitFor();
  await cards(page, "To do").first().waitFor();
});
