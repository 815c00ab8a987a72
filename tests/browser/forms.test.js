// What the server does not accept, at the field that it is about.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openBoard } from "./board.js";
import { quiet } from "./visitor.js";

const board = openBoard();

test("a 422 shows at its field, keeps what was typed and refetches nothing", async () => {
  const { visitor, page } = await board.arriveAs("Grace Hopper");
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

test("each wrong field says what is wrong with it, and the first one gets the focus", async () => {
  const { visitor, page } = await board.arriveAs("Ada Lovelace", "/people/1/");
  visitor.expectStatus(422);
  await page.getByRole("button", { name: "Edit profile" }).click();
  const field = (name) => page.getByRole("main").getByLabel(name);
  await field("Role").fill(" ");
  await field("About you").fill("x".repeat(501));
  const requests = board.mark();
  await page.getByRole("button", { name: "Save" }).click();

  await page.getByRole("textbox", { name: "Role", description: "This cannot be empty." }).waitFor();
  await page
    .getByRole("textbox", { name: "About you", description: "At most 500 characters." })
    .waitFor();
  assert.equal(await field("Name").getAttribute("aria-invalid"), "false");
  assert.equal(await field("Name").inputValue(), "Ada Lovelace");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "role");
  await quiet(page);
  assert.deepEqual(requests(), ["POST call/ 422"]);

  await field("Role").fill("Analysis");
  await field("About you").fill("Sees further than the machine.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Analysis, here since").waitFor();
  await page.getByText("Sees further than the machine.").waitFor();
});
