// Pages without a bundler.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../browser/visitor.js";
import { startSite } from "../engines/site.js";
import { App, distribution } from "./app.js";
import { openHost, POLICY, STRICT } from "./host.js";
import { readAndWrite } from "./reader.js";

let site;
let browser;
let app;

before(async () => {
  site = await startSite();
  browser = await launch();
  app = await App.create("pages");
  cpSync(distribution, join(app.folder, "dist"), { recursive: true });
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const [note, name, page, policy] of [
  [1, "A script tag makes it a global, and the page writes and refetches", "global", POLICY],
  [2, "A script tag makes the twin a global, which a strict policy lets run", "twin", STRICT],
  [3, "A module imports it as it is", "module", POLICY],
]) {
  test(name, async () => {
    await site.write(note, "before");
    const host = await openHost(site, { folder: app.folder, policy });
    try {
      await readAndWrite(browser, host, note, { path: `/${page}.html` });
    } finally {
      await host.stop();
    }
  });
}
