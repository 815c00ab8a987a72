// Apps for browsers, each made by its bundler as its manual says, without anything for WebAssembly.

import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../browser/visitor.js";
import { startSite } from "../engines/site.js";
import { App } from "./app.js";
import { openGateway, openHost } from "./host.js";
import { readAndWrite } from "./reader.js";

const BUNDLERS = {
  "Vite 8": ["vite", "vite build"],
  "webpack 5": ["webpack", "webpack"],
  Rspack: ["rspack", "rspack build"],
  Rollup: ["rollup", "rollup --config"],
  Rolldown: ["rolldown", "rolldown --config"],
  esbuild: ["esbuild", "esbuild page.tsx --bundle --minify --format=esm --outdir=dist"],
  Parcel: ["parcel", "parcel build index.html --no-cache --no-source-maps --dist-dir dist"],
  Bun: ["bun", "bun build page.tsx --minify --target=browser --outdir=dist"],
};

let site;
let browser;
let notes = 0;

before(async () => {
  site = await startSite();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

async function newNote() {
  await site.write(++notes, "before");
  return notes;
}

for (const [name, [environment, command]] of Object.entries(BUNDLERS)) {
  test(`${name} bundles it, and the page writes and refetches in Chromium`, async () => {
    const app = await App.create(environment);
    await app.run(command.split(" "));
    if (!app.files("dist").includes("index.html")) {
      copyFileSync(join(app.folder, "page.html"), join(app.folder, "dist", "index.html"));
    }
    // The module that writes headers is for those who import that.
    assert.deepEqual(app.modules("dist"), { machine: 1, writer: 0 });
    assert.deepEqual(
      app.files("dist").filter((file) => file.endsWith(".wasm")),
      [],
    );
    const host = await openHost(site, { folder: join(app.folder, "dist") });
    try {
      await readAndWrite(browser, host, await newNote());
    } finally {
      await host.stop();
    }
  });
}

test("Vite 8 serves it to a developer", async () => {
  const app = await App.create("vite-dev", { environment: "vite" });
  const gateway = await openGateway(site);
  try {
    const url = await app.start(
      ["vite", "--host", "127.0.0.1", "--port", "0"],
      /(http:\/\/127\.0\.0\.1:\d+)/,
      { env: { SITE: gateway.url } },
    );
    await readAndWrite(browser, gateway, await newNote(), { url });
  } finally {
    await app.stop();
    await gateway.close();
  }
});
