// The comments of a task, page after page: what is asked for, and what a new one refetches.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, openBoard, openTask } from "./board.js";
import { quiet } from "./visitor.js";

const board = openBoard();

/** The task that everybody has talked about, and how much. */
async function longThread(page) {
  const counted = page.locator(".card", { has: page.getByText(/^65/) });
  return counted.getByRole("link").textContent();
}

const comments = (dialog) => dialog.getByRole("listitem");
const more = (dialog) => dialog.getByRole("button", { name: "Older comments" });

/** The requests for comments; each page after the first has a cursor. */
const pages = (requests) => requests().map((line) => line.replace(/cursor=[\w-]+/, "cursor=…"));

/** Resolves when the list has so many comments. */
const shown = (dialog, count) =>
  comments(dialog)
    .nth(count - 1)
    .waitFor();

test("the newest comments come first, older ones when the end of the list comes into view", async () => {
  const { page } = await board.arriveAs("Ada Lovelace");
  const requests = board.mark();
  const dialog = await openTask(page, await longThread(page));
  const id = new URL(page.url()).searchParams.get("task");
  assert.equal(await comments(dialog).count(), 20);
  assert.deepEqual(pages(requests), [
    `GET ctx/comments/?task_id=${id} 200`,
    `GET ctx/task/?task_id=${id} 200`,
  ]);

  for (const count of [40, 60, 65]) {
    await more(dialog).scrollIntoViewIfNeeded();
    await shown(dialog, count);
    assert.equal(await comments(dialog).count(), count);
  }
  assert.equal(await more(dialog).count(), 0);
  const times = await comments(dialog)
    .locator("time")
    .evaluateAll((all) => all.map((time) => Date.parse(time.dateTime)));
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  );
  assert.deepEqual(pages(requests), [
    ...Array(3).fill(`GET ctx/comments/?cursor=…&task_id=${id} 200`),
    `GET ctx/comments/?task_id=${id} 200`,
    `GET ctx/task/?task_id=${id} 200`,
  ]);
});

test("a comment refetches the pages of its task that are on the page, and nothing else of comments", async () => {
  const { page } = await board.arriveAs("Ada Lovelace");
  const dialog = await openTask(page, await longThread(page));
  const id = new URL(page.url()).searchParams.get("task");
  await more(dialog).scrollIntoViewIfNeeded();
  await shown(dialog, 40);

  const requests = board.mark();
  // Nobody waits any more for a page that has another beginning.
  const first = await hold(page, /comments\/\?task_id=/);
  const second = page.waitForResponse(/comments\/\?cursor=/);
  await dialog.getByLabel("Your comment").fill("One more?");
  await dialog.getByRole("button", { name: "Comment", exact: true }).click();
  await second;
  first.release();
  await dialog.getByRole("status").getByText("Comment added.").waitFor();
  assert.match(await comments(dialog).first().textContent(), /Ada Lovelace.*One more\?/s);
  await quiet(page);
  // The second page begins one comment earlier now: the one that was there, and the one that takes its place.
  assert.deepEqual(pages(requests), [
    "GET ctx/board/?project_id=1 200",
    ...Array(2).fill(`GET ctx/comments/?cursor=…&task_id=${id} 200`),
    `GET ctx/comments/?task_id=${id} 200`,
    "GET ctx/notifications/ 200",
    "POST call/ 200",
  ]);
  assert.equal(await dialog.getByLabel("Your comment").inputValue(), "");
});

test("by keyboard, older comments are a button away", async () => {
  const { page } = await board.arriveAs("Ada Lovelace");
  const dialog = await openTask(page, await longThread(page));
  await more(dialog).press("Enter");
  await shown(dialog, 40);
});
