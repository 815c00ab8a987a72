// What the server does not accept, at the field that it is about.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openBoard } from "./board.js";
import { quiet } from "./visitor.js";

const board = openBoard();

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
