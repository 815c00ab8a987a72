// The board in pages, as a test finds its way about it.

import assert from "node:assert/strict";
import { cards, column } from "./board.js";
import { quiet } from "./visitor.js";

/** Resolves when nothing has been under way for a while. Then each part of the page has to be as it is on the server. */
export async function settled(page) {
  await quiet(page);
  assert.equal(await page.locator("[mizan-stale]").count(), 0);
}

/** Logs in by the button of the page; resolves when the page belongs to that person. */
export async function logIn(page, name) {
  await page.getByRole("button", { name: `Log in as ${name}` }).click();
  await page.getByRole("banner").getByRole("button", { name }).waitFor();
  await settled(page);
}

export const titles = (page, title) => column(page, title).locator(".card-title");
export const panel = (page) => page.getByRole("complementary", { name: "Task", exact: true });
export const thread = (page) => panel(page).locator(".comment");
export const adding = (page, status) => page.locator(`#add-${status}-title`);
export const moves = (page, title) =>
  page.getByRole("form", { name: `Move ${title}`, exact: true });

/** The title of the first task in a column that is somebody's. */
export const titleOf = (page, title, person) =>
  cards(page, title).filter({ hasText: person }).first().getByRole("link").textContent();

/** The title of the task that everybody has talked about. */
export const longThread = (page) =>
  page
    .locator(".card", { has: page.getByText(/^65/) })
    .getByRole("link")
    .textContent();

export async function move(page, title, to) {
  await page.getByRole("button", { name: `Move ${title}`, exact: true }).click();
  await moves(page, title).getByRole("button", { name: to }).click();
}

export async function openTask(page, title) {
  await page.getByRole("link", { name: title, exact: true }).click();
  await panel(page).getByRole("heading", { name: title }).waitFor();
  await settled(page);
}

/** The task that a form was about. */
export const taskIn = (requests) => /\/tasks\/(\d+)\//.exec(requests.join(" "))[1];
