// Apps for browsers, each made by its bundler as its manual says, without anything for WebAssembly.

import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../browser/visitor.js";
import { startSite } from "../engines/site.js";
import { App, distribution } from "./app.js";
import { openGateway, openHost, STRICT } from "./host.js";
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

/** Reads and writes a note in what the bundler has made, or in a `page` of the app that loads that. */
async function readThere(app, { policy, page = "page.html", ...options } = {}) {
  const folder = join(app.folder, "dist");
  if (!app.files("dist").some((name) => name.endsWith(".html"))) {
    copyFileSync(join(app.folder, page), join(folder, "index.html"));
  }
  const host = await openHost(site, { folder, policy });
  try {
    await readAndWrite(browser, host, await newNote(), options);
  } finally {
    await host.stop();
  }
}

async function newNote() {
  await site.write(++notes, "before");
  return notes;
}

for (const [name, [environment, command]] of Object.entries(BUNDLERS)) {
  test(`${name} bundles it, and the page writes and refetches in Chromium`, async () => {
    const app = await App.create(environment);
    await app.run(command.split(" "));
    // The module that writes headers is for those who import that.
    assert.deepEqual(app.modules("dist"), { machine: 1, writer: 0 });
    assert.deepEqual(app.wasm("dist"), []);
    await readThere(app);
  });
}

for (const [name, environment, command] of [
  ["Vite 8", "vite", "vite build --config twin.config.ts"],
  ["webpack 5", "webpack", "webpack --config twin.config.js --no-optimization-minimize"],
]) {
  test(`${name} bundles the twin for the condition mizan-js, which a strict policy lets run`, async () => {
    const app = await App.create(`${environment}-twin`, { environment });
    await app.run(command.split(" "));
    assert.deepEqual(app.modules("dist"), { machine: 0, writer: 0 });
    assert.deepEqual(app.wasm("dist"), []);
    await readThere(app, { policy: STRICT });
  });
}

for (const [name, environment, command, path] of [
  ["Vite 8", "vite", "vite build --config slim.config.ts", "/slim.html"],
  ["webpack 5", "webpack", "webpack --config slim.config.js --no-optimization-minimize"],
]) {
  test(`${name} bundles the slim entry for the condition mizan-slim, with its .wasm as a file`, async () => {
    const app = await App.create(`${environment}-slim`, { environment });
    await app.run(command.split(" "));
    assert.deepEqual(app.modules("dist"), { machine: 0, writer: 0 });
    assert.equal(app.wasm("dist").length, 1);
    await readThere(app, { path });
  });
}

test("two bundles and a script on one page share one cache", async () => {
  const app = await App.create("copies");
  const build = "esbuild page.tsx second.js third.js --bundle --minify --format=esm --outdir=dist";
  await app.run(build.split(" "));
  assert.deepEqual(app.modules("dist"), { machine: 2, writer: 0 });
  copyFileSync(join(distribution, "mizan.global.js"), join(app.folder, "dist", "mizan.global.js"));
  await readThere(app, { page: "copies.html", copies: 3 });
});

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
