// Pages that a server draws, and the browser takes over.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { launch } from "../browser/visitor.js";
import { startSite } from "../engines/site.js";
import { App } from "./app.js";
import { openGateway, openHost } from "./host.js";
import { readAndWrite } from "./reader.js";

let site;
let browser;
let app;
let gateway;
let host;

before(async () => {
  site = await startSite();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

afterEach(async () => {
  await app?.stop();
  await host?.stop();
  await gateway?.close();
});

/**
 * Starts a server that prints its port, and reads a note there. The HTML must hold what the note holds, each
 * time anew; the browser takes that over without a fetch.
 */
async function readDrawn(command, pattern, note) {
  gateway = await openGateway(site);
  const port = Number(await app.start(command, pattern, { env: { SITE: gateway.url } }));
  host = await openHost(site, { server: port });
  for (const text of ["earlier", "before"]) {
    await site.write(note, text);
    const response = await fetch(`${host.url}/?note=${note}`);
    const html = await response.text();
    assert.match(html, new RegExp(`<(h1|title)>${text}</`));
    assert.match(html, new RegExp(`<p role="status">${text}</p>`));
  }
  const context = `GET ctx/note/?note_id=${note}`;
  assert.deepEqual(gateway.since(0), [context, context]);
  await readAndWrite(browser, host, note, { loads: [] });
}

test("Vite 8 draws it for a developer, and the browser takes it over", async () => {
  app = await App.create("vite-server-dev", { environment: "vite-server" });
  await readDrawn(["node", "server.mjs", "development"], /^Ready: (\d+)$/, 1);
});

test("Vite 8 builds one bundle for the server and one for the browser, which takes over", async () => {
  app = await App.create("vite-server");
  await app.run(["vite", "build"]);
  await app.run(["vite", "build", "--ssr", "render.tsx"]);
  assert.deepEqual(app.modules("dist/client"), { machine: 1, writer: 0 });
  await readDrawn(["node", "server.mjs"], /^Ready: (\d+)$/, 2);
});

for (const [note, bundler, edge] of [
  [3, "turbopack", ".next/server/edge"],
  [4, "webpack", ".next/server/app/edge"],
]) {
  test(`Next.js with ${bundler} draws it in a component of the server, with a generated function, and the browser takes it over`, async () => {
    app = await App.create(`next-${bundler}`, { environment: "next" });
    await app.run(["next", "build", `--${bundler}`]);
    assert.deepEqual(app.modules(".next/static"), { machine: 1, writer: 0 });
    // The edge compiles nothing while it runs, so that it gets the twin.
    assert.deepEqual(app.modules(edge), { machine: 0, writer: 0 });
    assert.deepEqual(app.wasm(".next"), []);
    await readDrawn(["next", "start", "--port", "0"], /http:\/\/localhost:(\d+)/, note);

    const response = await fetch(`${host.url}/edge?note=${note}`);
    assert.deepEqual(await response.json(), [`note?note_id=${note}`, { note: { text: "after" } }]);
  });
}
