// The team board, end to end: real Django, real browser. What the server was asked is counted in
// the server's own log.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cards, openBoard, openTask, team, unread } from "./board.js";
import { logIn, quiet } from "./visitor.js";

const board = openBoard();
const { arrive, arriveAs } = board;

test("the first visit fetches each context of the page once", async () => {
  const visitor = await arrive();
  const requests = board.mark();
  const page = await visitor.window("/projects/1/");
  await cards(page, "To do").first().waitFor();
  await quiet(page);
  assert.deepEqual(requests(), [
    "GET ctx/board/?project_id=1 200",
    "GET ctx/people/ 200",
    "GET ctx/projects/ 200",
    "GET ctx/session/ 200",
    ...[1, 2, 3, 4, 5].map((id) => `GET ctx/user/?user_id=${id} 200`),
  ]);
});

test("a rename shows everywhere after one refetch of each context that it names", async () => {
  const { page } = await arriveAs("Ada Lovelace");
  const before = await page.getByText("Ada Lovelace").count();
  const requests = board.mark();

  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await page.getByLabel("Your name").fill("Ada King");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await page.getByRole("status").getByText("Renamed.").waitFor();

  // The call is not done before header, team, cards and the filter have changed.
  assert.equal(await page.getByText("Ada Lovelace").count(), 0);
  assert.equal(await page.getByText("Ada King").count(), before);
  assert.equal(await page.getByRole("banner").getByText("Ada King").count(), 1);
  assert.equal(await team(page).getByText("Ada King").count(), 1);
  assert.notEqual(await cards(page, "To do").getByText("Ada King").count(), 0);
  await quiet(page);
  assert.deepEqual(requests(), [
    "GET ctx/people/ 200",
    "GET ctx/session/ 200",
    "GET ctx/user/?user_id=1 200",
    "POST call/ 200",
  ]);
  const strip = page.locator(".strip summary");
  assert.match(await strip.textContent(), /invalidated .*user;user_id=1.* → refetched 3 of 10/);
});

test("a task moves by keyboard, the focus goes with it, and one board and one person refetch", async () => {
  const { page } = await arriveAs("Ada Lovelace");
  const card = cards(page, "To do").filter({ hasText: "Grace Hopper" }).first();
  const title = await card.getByRole("link").textContent();
  const requests = board.mark();

  const button = page.getByRole("button", { name: `Move ${title}` });
  await button.focus();
  await page.keyboard.press("Enter");
  await page
    .getByRole("group", { name: `Move ${title}` })
    .getByText("Doing")
    .focus();
  await page.keyboard.press("Enter");
  await cards(page, "Doing").first().getByRole("link", { name: title, exact: true }).waitFor();
  await page.getByRole("status").getByText("Moved to Doing.").waitFor();
  await page.waitForFunction(
    (text) => document.activeElement?.textContent === text,
    `Move ${title}`,
  );
  await quiet(page);
  assert.deepEqual(requests(), [
    "GET ctx/board/?project_id=1 200",
    "GET ctx/user/?user_id=2 200",
    "POST call/ 200",
  ]);
});

test("a task is dragged to Done, and the project's count of open tasks follows", async () => {
  const { page } = await arriveAs("Ada Lovelace");
  const project = page.getByRole("navigation", { name: "Projects" }).locator(".badge").first();
  const open = Number.parseInt(await project.textContent(), 10);
  const card = cards(page, "Doing").filter({ hasText: "Alan Turing" }).first();
  const title = await card.getByRole("link").textContent();
  const requests = board.mark();

  await card.dragTo(cards(page, "Done").first(), { targetPosition: { x: 40, y: 4 } });
  await cards(page, "Done").first().getByRole("link", { name: title, exact: true }).waitFor();
  await quiet(page);
  assert.equal(Number.parseInt(await project.textContent(), 10), open - 1);
  assert.deepEqual(requests(), [
    "GET ctx/board/?project_id=1 200",
    "GET ctx/projects/ 200",
    "GET ctx/user/?user_id=3 200",
    "POST call/ 200",
  ]);
});

test("a comment from a second window appears in the first, and its assignee is notified", async () => {
  const { visitor, page } = await arriveAs("Ada Lovelace");
  const card = cards(page, "To do").filter({ hasText: "Grace Hopper" }).first();
  const title = await card.getByRole("link").textContent();
  const { page: grace } = await arriveAs("Grace Hopper");
  const unreadBefore = await unread(grace);
  const dialog = await openTask(page, title);

  const second = await visitor.window("/projects/1/");
  await cards(second, "To do").first().waitFor();
  const form = await openTask(second, title);
  const requests = board.mark();
  await form.getByLabel("Your comment").fill("Seen from the other window?");
  await form.getByRole("button", { name: "Comment" }).click();
  await form.getByRole("listitem").getByText("Seen from the other window?").waitFor();
  await form.getByRole("status").getByText("Comment added.").waitFor();
  assert.equal(await form.getByLabel("Your comment").inputValue(), "");

  await dialog.getByRole("listitem").getByText("Seen from the other window?").waitFor();
  await quiet(page);
  const id = new URL(page.url()).searchParams.get("task");
  assert.deepEqual(requests(), [
    ...Array(2).fill("GET ctx/board/?project_id=1 200"),
    ...Array(2).fill(`GET ctx/comments/?task_id=${id} 200`),
    ...Array(2).fill("GET ctx/notifications/ 200"),
    "POST call/ 200",
  ]);

  await grace.reload();
  await grace.getByRole("button", { name: `unread: ${unreadBefore + 1}` }).click();
  const inbox = grace.getByRole("region", { name: "Notifications" });
  await inbox.getByRole("listitem").first().getByText(title).waitFor();
  await inbox.getByRole("button", { name: "Mark all read" }).click();
  await grace.getByRole("button", { name: "unread: 0" }).waitFor();
});

test("a classic form redirects to the board, and the other window shows the task too", async () => {
  const { visitor, page } = await arriveAs("Ada Lovelace");
  const second = await visitor.window("/projects/1/");
  await second.getByRole("link", { name: "New task" }).click();
  const requests = board.mark();
  await second.getByLabel("Title").fill("Water the plants");
  await second.getByLabel("Assignee").selectOption({ label: "Alan Turing" });
  await second.getByRole("button", { name: "Create task" }).click();
  await second.waitForURL("**/projects/1/");
  await cards(second, "To do").last().getByRole("link", { name: "Water the plants" }).waitFor();
  await cards(page, "To do").last().getByRole("link", { name: "Water the plants" }).waitFor();
  await quiet(page);

  // The window that was redirected loads all of its page; the other one only what changed.
  const count = (line) => requests().filter((request) => request === line).length;
  assert.equal(count("GET ctx/board/?project_id=1 200"), 2);
  assert.equal(count("GET ctx/projects/ 200"), 2);
  assert.equal(count("GET ctx/user/?user_id=3 200"), 2);
  assert.equal(count("GET ctx/user/?user_id=2 200"), 1);
  assert.equal(count("GET ctx/people/ 200"), 1);
});

test("the classic form shows its own errors and keeps what was typed", async () => {
  const { visitor, page } = await arriveAs("Ada Lovelace");
  visitor.expectStatus(422);
  await page.getByRole("link", { name: "New task" }).click();
  await page.getByLabel("Title").fill("x");
  await page.getByRole("button", { name: "Create task" }).click();
  const title = page.getByRole("textbox", { name: "Title", description: /Say in a few words/ });
  assert.equal(await title.inputValue(), "x");
});

test("a 422 shows at its field, keeps what was typed and refetches nothing", async () => {
  const { visitor, page } = await arriveAs("Grace Hopper");
  visitor.expectStatus(422);
  visitor.expectStatus(422);
  await page.getByRole("button", { name: "Grace Hopper" }).click();
  const requests = board.mark();

  await page.getByLabel("Your name").fill("x".repeat(61));
  await page.getByLabel("Your name").press("Enter");
  await page
    .getByRole("textbox", { name: "Your name", description: "At most 60 characters." })
    .waitFor();

  await page.getByLabel("Your name").fill("alan turing");
  await page.getByLabel("Your name").press("Enter");
  const field = page.getByRole("textbox", { description: /already has this name/ });
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.equal(await field.inputValue(), "alan turing");
  await quiet(page);
  assert.deepEqual(requests(), ["POST call/ 422", "POST call/ 422"]);
});

test("a 500 shows, loses nothing typed, and the next attempt works", async () => {
  const { visitor, page } = await arriveAs("Ada Lovelace");
  visitor.expectStatus(500);
  const title = await cards(page, "To do").first().getByRole("link").textContent();
  const dialog = await openTask(page, title);
  const requests = board.mark();
  await dialog.getByLabel("Your comment").fill("/fault");
  await dialog.getByRole("button", { name: "Comment" }).click();
  await dialog.getByRole("alert").getByText("The server failed.").waitFor();
  assert.equal(await dialog.getByLabel("Your comment").inputValue(), "/fault");
  await quiet(page);
  assert.deepEqual(requests(), ["POST call/ 500"]);

  await dialog.getByLabel("Your comment").fill("No fault.");
  await dialog.getByRole("button", { name: "Comment" }).click();
  await dialog.getByRole("listitem").getByText("No fault.").waitFor();
  assert.equal(await dialog.getByRole("alert").count(), 0);
});

test("without the server a form says so and keeps what was typed", async () => {
  const { visitor, page } = await arriveAs("Ada Lovelace");
  const title = await cards(page, "To do").first().getByRole("link").textContent();
  const dialog = await openTask(page, title);
  await page.route("**/api/mizan/call/", (route) => route.abort("connectionrefused"));
  visitor.expectFailure("net::ERR_CONNECTION_REFUSED");
  await dialog.getByLabel("Your comment").fill("Anybody there?");
  await dialog.getByRole("button", { name: "Comment" }).click();
  await dialog.getByRole("alert").getByText("cannot be reached").waitFor();
  assert.equal(await dialog.getByLabel("Your comment").inputValue(), "Anybody there?");
});

test("another person sees nothing of the one before", async () => {
  const { visitor, page } = await arriveAs("Ada Lovelace");
  // A window may ask for the notifications once more before it knows that nobody is logged in.
  visitor.tolerateStatus(401);
  const second = await visitor.window("/projects/1/");
  const menu = page.getByRole("banner").getByRole("button").last();
  const name = await menu.textContent();
  await menu.click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("button", { name: "Log in as Grace Hopper" }).waitFor();
  assert.equal(await page.getByRole("button", { name: /^Notifications/ }).count(), 0);
  await second.getByRole("button", { name: "Log in as Grace Hopper" }).waitFor();

  await logIn(page, "Grace Hopper");
  await page.getByRole("banner").getByText("Grace Hopper").waitFor();
  assert.equal(await page.getByRole("banner").getByText(name.trim()).count(), 0);
  await second.getByRole("banner").getByText("Grace Hopper").waitFor();
});

test("at 380 pixels nothing sticks out sideways", async () => {
  const visitor = await arrive({ viewport: { width: 380, height: 780 } });
  const page = await visitor.window("/projects/1/");
  await logIn(page, "Grace Hopper");
  for (const path of ["/projects/1/", "/people/2/", "/tasks/new/?project=1"]) {
    await page.goto(path);
    await quiet(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 380, path);
  }
});
