// A person who reads a note in Chromium, writes it, and reads it again.

import assert from "node:assert/strict";
import { Visitor } from "../browser/visitor.js";

/**
 * Opens a page on that note. It must show what the note holds, in as many places as there are `copies`, and,
 * after a click, what it holds then, with one call and one fetch of the context. `loads`: what it may ask the
 * API at first. Fails on any complaint of the page.
 */
export async function readAndWrite(
  browser,
  host,
  note,
  { url = host.url, path = "/", copies = 1, loads } = {},
) {
  const context = `GET ctx/note/?note_id=${note}`;
  const visitor = await Visitor.arrive(browser, url);
  // A server of a bundler makes the page when it is asked for it.
  visitor.context.setDefaultTimeout(60_000);
  let written;
  try {
    const page = await visitor.window(`${path}?note=${note}`);
    const show = async (text) => {
      const statuses = page.getByRole("status").and(page.getByText(text, { exact: true }));
      await statuses.nth(copies - 1).waitFor();
    };
    const button = page.getByRole("button", { name: "Write", disabled: false });
    await show("before");
    written = host.requests.length;
    assert.deepEqual(host.since(0), loads ?? [context]);

    await button.click();
    await show("after");
    await button.waitFor();
  } finally {
    await visitor.leave();
  }
  // The page is not Django's, so that it has to ask for its first CSRF token.
  assert.deepEqual(host.since(written), [context, "GET session/", "POST call/"]);
}
