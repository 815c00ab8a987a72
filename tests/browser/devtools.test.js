// The devtools on the board itself: there while one develops, and nothing of them in what is built.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { APPEARANCES, appearance } from "./appearance.js";
import { cards, openBoard } from "./board.js";
import { frontend, startVite } from "./front.js";
import { logIn, quiet } from "./visitor.js";

const board = openBoard();
let vite;

beforeEach(async () => {
  vite = board.add(await startVite(board.url()));
});

test("nothing of the devtools is in what is built", () => {
  const assets = join(frontend, "dist", "assets");
  const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
  assert.notEqual(scripts.length, 0);
  for (const name of scripts) {
    assert.doesNotMatch(readFileSync(join(assets, name), "utf8"), /mizan-devtools/, name);
  }
});

const develop = (options) => board.arrive({ baseURL: vite.url, ...options });

/** The time line, newest first, with what came of each below it: kind, name, outcome. */
const timeLine = (page) =>
  page
    .getByRole("group", { name: "Calls and fetches" })
    .getByRole("listitem")
    .evaluateAll((rows) =>
      rows.map((row) => {
        const text = (name) => row.querySelector(name).textContent;
        const depth = Number(row.querySelector("[data-depth]").dataset.depth);
        return `${"  ".repeat(depth)}${text(".kind")} ${text(".title")}: ${text(".outcome")}`;
      }),
    );

async function moveTask(page) {
  const card = cards(page, "To do").filter({ hasText: "Grace Hopper" }).first();
  await card.getByRole("button", { name: /^Move/ }).click();
  await card.getByRole("group").getByText("Doing").click();
  await page.getByRole("status").getByText("Moved to Doing.").waitFor();
  await quiet(page);
}

test("in development they say what a move called, what that invalidated and what was fetched again", async () => {
  const visitor = await develop();
  const page = await visitor.window("/projects/1/");
  await logIn(page, "Ada Lovelace");
  await page.getByRole("button", { name: "Open Mizan devtools" }).click();
  await page.getByRole("tab", { name: "Time line" }).click();
  await moveTask(page);
  const [call, invalidation, ...fetches] = (await timeLine(page)).slice(0, 4);
  assert.equal(call, "call move_task: done");
  assert.match(
    invalidation,
    /^ {2}invalidation board\?project_id=1, task\?task_id=\d+, user\?user_id=2: 2 refetches$/,
  );
  assert.deepEqual(fetches.sort(), [
    "    fetch board?project_id=1: changed",
    "    fetch user?user_id=2: changed",
  ]);
});

for (const { name, ...options } of APPEARANCES) {
  test(`on a ${name} page they can be read, reached and named`, async () => {
    const visitor = await develop(options);
    const look = await appearance(visitor, name);
    const page = await visitor.window("/projects/1/");
    await logIn(page, "Ada Lovelace");
    await moveTask(page);
    await look(page, "devtools-closed");
    await page.getByRole("button", { name: "Open Mizan devtools" }).click();
    await look(page, "devtools-contexts");
    await page.getByRole("tab", { name: "Time line" }).click();
    await look(page, "devtools-time-line");
    assert.deepEqual(look.faults, []);
  });
}
