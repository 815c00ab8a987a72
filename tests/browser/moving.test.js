// A task on its way: shown where it was put before the server has answered, and back if it is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cards, hold, openBoard } from "./board.js";
import { quiet } from "./visitor.js";

const board = openBoard();

/** At a window in which nothing scrolls while a card is dragged. */
const arrive = () =>
  board.arriveAs("Ada Lovelace", "/projects/1/", { viewport: { width: 1280, height: 4000 } });

/** The first task of To do that this person has, or nobody. */
async function taskOf(page, person) {
  const card = cards(page, "To do").filter({ hasText: person }).first();
  return { card, title: await card.getByRole("link").textContent() };
}

const titled = (page, column, title) =>
  cards(page, column).filter({ has: page.getByRole("link", { name: title, exact: true }) });

test("a dragged task is in its new column before the server has answered", async () => {
  const { page } = await arrive();
  const { card, title } = await taskOf(page, "Grace Hopper");
  const requests = board.mark();
  const call = await hold(page, "**/api/mizan/call/");

  await card.dragTo(cards(page, "Doing").first(), { targetPosition: { x: 40, y: 4 } });
  await call.asked;
  await titled(page, "Doing", title).waitFor();
  assert.equal(await cards(page, "Doing").first().getByRole("link").textContent(), title);
  assert.equal(await titled(page, "To do", title).count(), 0);
  assert.deepEqual(requests(), []);

  call.release();
  await page.getByRole("status").getByText("Moved to Doing.").waitFor();
  await quiet(page);
  assert.equal(await cards(page, "Doing").first().getByRole("link").textContent(), title);
  assert.deepEqual(requests(), [
    "GET ctx/board/?project_id=1 200",
    "GET ctx/user/?user_id=2 200",
    "POST call/ 200",
  ]);
});

test("a move that is refused jumps back, and the page says why", async () => {
  const { visitor, page } = await arrive();
  visitor.expectStatus(422);
  const { card, title } = await taskOf(page, "Nobody");
  const titles = await cards(page, "To do").getByRole("link").allTextContents();
  const requests = board.mark();
  const call = await hold(page, "**/api/mizan/call/");

  await card.dragTo(cards(page, "Done").first(), { targetPosition: { x: 40, y: 4 } });
  await titled(page, "Done", title).waitFor();
  call.release();
  await titled(page, "To do", title).waitFor();
  await page.getByRole("status").getByText("choose an assignee first").waitFor();
  assert.equal(await titled(page, "Done", title).count(), 0);
  assert.deepEqual(await cards(page, "To do").getByRole("link").allTextContents(), titles);
  await quiet(page);
  assert.deepEqual(requests(), ["POST call/ 422"]);
});

test("the focus goes with a task that is moved by keyboard, there and back", async () => {
  const { visitor, page } = await arrive();
  visitor.expectStatus(422);
  const { title } = await taskOf(page, "Nobody");
  const focused = () =>
    page.waitForFunction((text) => document.activeElement?.textContent === text, `Move ${title}`);
  const call = await hold(page, "**/api/mizan/call/");

  await page.getByRole("button", { name: `Move ${title}` }).press("Enter");
  await page
    .getByRole("group", { name: `Move ${title}` })
    .getByText("Doing")
    .press("Enter");
  await titled(page, "Doing", title).waitFor();
  await focused();
  call.release();
  await titled(page, "To do", title).waitFor();
  await focused();
});

test("tasks that are moved one after the other arrive in that order", async () => {
  const { page } = await arrive();
  const first = await taskOf(page, "Grace Hopper");
  const call = await hold(page, "**/api/mizan/call/");
  await first.card.dragTo(cards(page, "Doing").first(), { targetPosition: { x: 40, y: 4 } });
  await titled(page, "Doing", first.title).waitFor();
  const second = await taskOf(page, "Grace Hopper");
  await second.card.dragTo(cards(page, "Doing").first(), { targetPosition: { x: 40, y: 4 } });
  await titled(page, "Doing", second.title).waitFor();
  const order = [second.title, first.title];
  const shown = async () =>
    (await cards(page, "Doing").getByRole("link").allTextContents()).slice(0, 2);
  assert.deepEqual(await shown(), order);

  call.release();
  await quiet(page);
  assert.deepEqual(await shown(), order);
  await page.reload();
  await quiet(page);
  assert.deepEqual(await shown(), order);
});
