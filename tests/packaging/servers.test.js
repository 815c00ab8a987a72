// Programs that run the package as it is, without a bundler between.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startSite } from "../engines/site.js";
import { App } from "./app.js";
import { openGateway } from "./host.js";

const PROGRAMS = {
  "Node imports it": ["node", "main.mjs"],
  "Node requires it": ["node", "main.cjs"],
  "Bun imports it": ["bun", "main.mjs"],
  "Bun requires it": ["bun", "main.cjs"],
  "Deno imports it": ["deno", "run", "--allow-env", "--allow-net", "main.mjs"],
};

let site;

before(async () => {
  site = await startSite();
});

after(() => site?.stop());

/** Checks what a program came to (app/process.js), and what it asked the site. */
function assertOutcome(outcome, gateway, note) {
  assert.deepEqual(outcome, {
    texts: ["before", "before", "after"],
    header: `note;note_id=${note}`,
    list: [{ context: "note", params: { note_id: String(note) } }],
  });
  // A process serves many, so that what it has read is not remembered for who watches.
  const context = `GET ctx/note/?note_id=${note}`;
  assert.deepEqual(gateway.since(0), [context, context, context, "GET session/", "POST call/"]);
}

for (const [at, [name, command]] of Object.entries(PROGRAMS).entries()) {
  test(`${name}, reads, writes and refetches, and the process ends`, async () => {
    const note = at + 1;
    await site.write(note, "before");
    const app = await App.create(name.toLowerCase().replaceAll(" ", "-"), { environment: "node" });
    const gateway = await openGateway(site);
    try {
      const outcome = JSON.parse(await app.run([...command, gateway.url, String(note)]));
      assertOutcome(outcome, gateway, note);
    } finally {
      await gateway.close();
    }
  });
}

test("workerd runs it, with its .wasm compiled beforehand, reads, writes and refetches", async () => {
  const app = await App.create("workerd");
  const gateway = await openGateway(site);
  try {
    const note = Object.keys(PROGRAMS).length + 1;
    await site.write(note, "before");
    // As wrangler does it: its conditions, and a .wasm file is a module by itself.
    const conditions = "--conditions=workerd,worker,browser";
    const wasm = ["--loader:.wasm=copy", "--asset-names=[name]"];
    const esbuild = ["esbuild", "worker.js", "--bundle", "--format=esm", "--outdir=dist"];
    await app.run([...esbuild, conditions, ...wasm]);
    const serve = ["workerd", "serve", "workerd.capnp", "--control-fd=1"];
    const port = await app.start(serve, /"socket":"http","port":(\d+)/, {
      env: { SITE: gateway.url },
    });
    const response = await fetch(`http://127.0.0.1:${port}/?note=${note}`);
    assertOutcome(await response.json(), gateway, note);
  } finally {
    await app.stop();
    await gateway.close();
  }
});

const DRAWN = /^<p role="status">Loading…<\/p><button type="button">Write<\/button>$/;

test("Bun draws generated code", async () => {
  const app = await App.create("bun-draws");
  assert.match((await app.run(["bun", "draw.tsx"])).trim(), DRAWN);
});

test("Deno draws generated code, whose imports end with .ts", async () => {
  const app = await App.create("deno-draws", { environment: "deno", extension: "ts" });
  assert.match((await app.run(["deno", "run", "--allow-env", "draw.tsx"])).trim(), DRAWN);
});

for (const [type, name] of [
  ["module", "an ES module"],
  ["commonjs", "CommonJS"],
]) {
  test(`Node draws generated code that TypeScript has compiled to ${name}`, async () => {
    const app = await App.create(`node-${type}`, { environment: "nodenext", extension: "js" });
    writeFileSync(join(app.folder, "package.json"), JSON.stringify({ type }));
    await app.run(["tsc", "--project", "nodenext.json"]);
    assert.match((await app.run(["node", "compiled/draw.js"])).trim(), DRAWN);
  });
}
