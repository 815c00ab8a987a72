// Every page, panel and dialog, in light and dark, narrow and wide: axe finds no fault in it, and nothing sticks out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { APPEARANCES, appearance } from "./appearance.js";
import { cards, hold, openBoard, openTask } from "./board.js";
import { logIn, quiet } from "./visitor.js";

const board = openBoard();

for (const { name, ...options } of APPEARANCES) {
  test(`on a ${name} page everything can be read, reached and named`, async () => {
    const visitor = await board.arrive(options);
    visitor.tolerateStatus(404);
    visitor.tolerateStatus(422);
    visitor.expectFailure("MizanError: Not found");
    const look = await appearance(visitor, name);
    const page = await visitor.emptyWindow();
    await visit(page, (scene) => look(page, scene));
    assert.deepEqual(look.faults, []);
  });
}

/** Goes from scene to scene; `look` is called at each. */
async function visit(page, look) {
  const { release } = await hold(page, "**/api/mizan/ctx/board/**");
  await page.goto("/projects/1/");
  await page.getByRole("status", { name: "Loading To do" }).waitFor();
  await page.waitForLoadState("load");
  await look("skeleton");
  release();
  await quiet(page);
  await look("board-of-a-stranger");

  await logIn(page, "Ada Lovelace");
  await look("board");

  const card = cards(page, "To do").first();
  await card.getByRole("button", { name: /^Move/ }).click();
  await look("moves");
  const nobody = cards(page, "To do").filter({ hasText: "Nobody" }).first();
  await nobody.getByRole("button", { name: /^Move/ }).click();
  await nobody.getByRole("group").getByText("Doing").click();
  await page.getByRole("status").getByText("choose an assignee first").waitFor();
  await look("refused");
  await page.getByRole("button", { name: "Dismiss" }).click();

  await page.getByRole("button", { name: /^Notifications/ }).click();
  await page.getByRole("region", { name: "Notifications" }).waitFor();
  await look("inbox");
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await page.getByLabel("Your name").fill("");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await page.getByRole("alert").getByText("This cannot be empty.").waitFor();
  await look("rename");
  await page.keyboard.press("Escape");
  await page.locator(".strip summary").click();
  await look("strip");
  await page.locator(".strip summary").click();

  const commented = page.locator(".card", { has: page.getByText(/^65/) });
  const dialog = await openTask(page, await commented.getByRole("link").textContent());
  await look("task");
  await dialog.getByRole("button", { name: "Comment", exact: true }).click();
  await dialog.getByRole("alert").getByText("This cannot be empty.").waitFor();
  await look("task-error");
  await dialog.getByRole("button", { name: "Close" }).click();

  await page.goto("/people/1/");
  await quiet(page);
  await look("person");
  await page.getByRole("button", { name: "Edit profile" }).click();
  await page.getByRole("main").getByLabel("Role").fill("");
  await page.getByRole("main").getByLabel("Name").fill("grace hopper");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").first().waitFor();
  await look("profile-errors");

  await page.goto("/projects/99/");
  await page.getByRole("main").getByText("There is no such thing here.").waitFor();
  await look("missing");
  await page.goto("/tasks/new/?project=1");
  await page.getByLabel("Title").fill("x");
  await page.getByRole("button", { name: "Create task" }).click();
  await page.getByText("Say in a few words").waitFor();
  await look("new-task");
}
