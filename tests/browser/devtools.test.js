// The devtools on the board itself: there while one develops, and nothing of them in what is built.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { cards, openBoard } from "./board.js";
import { logIn, quiet } from "./visitor.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const frontend = join(root, "examples", "react-app", "frontend");
const board = openBoard();
let vite;

beforeEach(async () => {
  process.env.DJANGO_URL = board.url();
  vite = await createServer({
    root: frontend,
    cacheDir: join(root, "target", "vite"),
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
  });
  await vite.listen();
});

afterEach(() => vite.close());

test("nothing of the devtools is in what is built", () => {
  const assets = join(frontend, "dist", "assets");
  const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
  assert.notEqual(scripts.length, 0);
  for (const name of scripts) {
    assert.doesNotMatch(readFileSync(join(assets, name), "utf8"), /devtools/i, name);
  }
});

test("in development they say what a move called, what that invalidated and what was fetched again", async () => {
  const visitor = await board.arrive({ baseURL: vite.resolvedUrls.local[0] });
  const page = await visitor.window("/projects/1/");
  await logIn(page, "Ada Lovelace");
  await page.getByRole("button", { name: "Open Mizan devtools" }).click();
  await page.getByRole("tab", { name: "Time line" }).click();
  console.log(await page.locator("mizan-devtools").evaluate((e) => e.shadowRoot.querySelector(".sheet").innerText));
  const card = cards(page, "To do").filter({ hasText: "Grace Hopper" }).first();
  await card.getByRole("button", { name: /^Move/ }).click();
  await card.getByRole("group").getByText("Doing").click();
  await page.getByRole("status").getByText("Moved to Doing.").waitFor();
  await quiet(page);
  console.log(await page.locator("mizan-devtools").evaluate((e) => e.shadowRoot.querySelector(".sheet").innerText));
  console.log(await page.locator("mizan-devtools").evaluate((e) => e.shadowRoot.querySelector(".moments").innerHTML));
  await page.screenshot({ path: "/tmp/devtools.png" });
});
