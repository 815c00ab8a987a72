// Every page, panel and dialog as it looks, in light and dark, narrow and wide: axe finds no fault in it, nothing
// sticks out, and target/screenshots has a picture of each.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { cards, hold, openBoard, openTask } from "./board.js";
import { logIn, quiet } from "./visitor.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const folder = fileURLToPath(new URL("../../target/screenshots", import.meta.url));
const board = openBoard();

mkdirSync(folder, { recursive: true });

const SIZES = { narrow: { width: 390, height: 844 }, wide: { width: 1280, height: 800 } };

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test(`${colorScheme} and ${size}, everything can be read, reached and named`, async () => {
      const visitor = await board.arrive({ colorScheme, viewport, reducedMotion: "reduce" });
      await visitor.context.addInitScript({ path: AXE });
      visitor.tolerateStatus(404);
      visitor.tolerateStatus(422);
      visitor.expectFailure("MizanError: Not found");
      const page = await visitor.emptyWindow();
      const found = [];
      await visit(page, async (name) => {
        await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size}.png`) });
        const { faults, width } = await page.evaluate(async () => ({
          faults: (await axe.run({ resultTypes: ["violations"] })).violations,
          width: document.documentElement.scrollWidth,
        }));
        found.push(...faults.map((fault) => `${name}: ${told(fault)}`));
        if (width !== viewport.width) found.push(`${name}: ${width} pixels wide`);
      });
      assert.deepEqual(found, []);
    });
  }
}

const told = ({ id, impact, nodes }) =>
  `${impact}: ${id} at ${nodes.map(({ target, any }) => `${target} ${any[0]?.message ?? ""}`).join("\n")}`;

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

  const commented = cards(page, "To do").filter({ hasText: "comments" }).first();
  const dialog = await openTask(page, await commented.getByRole("link").textContent());
  await look("task");
  await dialog.getByRole("button", { name: "Comment" }).click();
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
