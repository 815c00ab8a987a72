// A person who reads a note in Chromium, writes it, and reads it again.

import assert from "node:assert/strict";
import { Visitor } from "../browser/visitor.js";

/**
 * Opens a page on that note. It must show what the note holds, and, after a click, what it holds then,
 * with one call and one fetch of the context. `loads`: what it may ask the API at first. Fails on any complaint of the page.
 */
export async function readAndWrite(browser, host, note, { url = host.url, loads } = {}) {
  const context = `GET ctx/note/?note_id=${note}`;
  const visitor = await Visitor.arrive(browser, url);
  const page = await visitor.window(`/?note=${note}`);
  const shows = (text) => page.getByRole("status").and(page.getByText(text, { exact: true }));
  await shows("before").waitFor();
  const written = host.requests.length;
  assert.deepEqual(host.since(0), loads ?? [context]);

  await page.getByRole("button", { name: "Write", disabled: false }).click();
  await shows("after").waitFor();
  await page.getByRole("button", { name: "Write", disabled: false }).waitFor();
  await visitor.leave();
  // The page is not Django's, so that it has to ask for its first CSRF token.
  assert.deepEqual(host.since(written), [context, "GET session/", "POST call/"]);
}
