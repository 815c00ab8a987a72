// Every page, panel and menu of the board in pages, in light and dark, narrow and wide: axe finds no fault in it, and
// nothing sticks out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { APPEARANCES, appearance } from "./appearance.js";
import { openBoard } from "./board.js";
import {
  adding,
  logIn,
  longThread,
  move,
  openTask,
  panel,
  settled,
  titleOf,
  titles,
} from "./pages.js";
import { HTMX } from "./server.js";

const board = openBoard(HTMX);

for (const { name, ...options } of APPEARANCES) {
  test(`on a ${name} page everything can be read, reached and named`, async () => {
    const visitor = await board.arrive(options);
    visitor.tolerateStatus(404);
    visitor.tolerateStatus(422);
    const look = await appearance(visitor, name);
    const page = await visitor.emptyWindow();
    await visit(page, (scene) => look(page, `htmx-${scene}`));
    assert.deepEqual(look.faults, []);
  });
}

/** Goes from scene to scene; `look` is called at each. */
async function visit(page, look) {
  await page.goto("/");
  await settled(page);
  await look("overview-of-a-stranger");
  await page.goto("/projects/1/?task=1");
  await settled(page);
  await look("task-of-a-stranger");
  await page.goto("/");
  await logIn(page, "Ada Lovelace");
  await look("overview");

  await page.goto("/projects/1/");
  await settled(page);
  await look("board");
  const title = await titles(page, "To do").nth(1).textContent();
  await page.getByRole("button", { name: `Move ${title}`, exact: true }).click();
  await look("moves");
  await page.keyboard.press("Escape");
  await move(page, await titleOf(page, "To do", "Nobody"), "Doing");
  await page.getByRole("status").getByText("choose an assignee first").waitFor();
  await look("refused");
  await page.keyboard.press("Escape");
  await adding(page, "todo").fill("x");
  await adding(page, "todo").press("Enter");
  await page.getByRole("alert").getByText("Say in a few words").waitFor();
  await look("add-error");

  await page.getByRole("button", { name: /^Notifications/ }).click();
  await look("inbox");
  await page.keyboard.press("Escape");
  await page.getByRole("banner").getByRole("button", { name: "Ada Lovelace" }).click();
  await look("menu");
  await page.keyboard.press("Escape");

  await page.goto("/projects/1/");
  await openTask(page, await longThread(page));
  await look("task");
  await panel(page).getByRole("button", { name: "Comment" }).click();
  await panel(page).getByRole("alert").getByText("This field is required.").waitFor();
  await look("task-error");

  await page.goto("/people/1/");
  await settled(page);
  await look("person");
  await page.getByRole("main").getByRole("link", { name: "Edit profile" }).click();
  await page.getByRole("main").getByLabel("Role").fill("");
  await page.getByRole("main").getByLabel("Name").fill("x");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").first().waitFor();
  await look("profile-errors");

  await page.goto("/projects/99/");
  await page.getByText("There is no such thing here.").waitFor();
  await look("missing");
  await page.goto("/projects/1/?task=999");
  await look("gone");
  await page.goto("/tasks/new/?project=1");
  await page.getByLabel("Title").fill("x");
  await page.getByRole("button", { name: "Create task" }).click();
  await page.getByText("Say in a few words").waitFor();
  await look("new-task");
}
