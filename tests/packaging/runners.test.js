// Tests that a team writes of its own app, in the runners that teams use.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSite } from "../engines/site.js";
import { App } from "./app.js";
import { openGateway } from "./host.js";

const VITEST = ["vitest", "run"];
const JEST = ["node", "../../node_modules/jest/bin/jest.js"];
const JEST_ESM = ["node", "--experimental-vm-modules", JEST[1]];

const RUNS = {
  "Vitest, node": ["vitest", [...VITEST, "--environment=node", "process"]],
  "Vitest, jsdom": ["vitest", [...VITEST, "--environment=jsdom", "page"]],
  "Vitest, happy-dom": ["vitest", [...VITEST, "--environment=happy-dom", "page"]],
  "Jest, CommonJS, node": ["jest", [...JEST, "--env=node", "process"]],
  "Jest, CommonJS, jsdom": ["jest", [...JEST, "--env=./page.cjs", "page"]],
  "Jest, ESM, node": ["jest", [...JEST_ESM, "--env=node", "process"], { MODULES: "esm" }],
  "Jest, ESM, jsdom": ["jest", [...JEST_ESM, "--env=./page.cjs", "page"], { MODULES: "esm" }],
};

/** Nothing is needed in these but what the runner brings, not even a `fetch`. */
const ALONE = {
  "Vitest, jsdom": ["vitest", [...VITEST, "--environment=jsdom", "alone"]],
  "Vitest, happy-dom": ["vitest", [...VITEST, "--environment=happy-dom", "alone"]],
  "Jest, CommonJS, jsdom": ["jest", [...JEST, "--env=jsdom", "alone"]],
  "Jest, ESM, jsdom": ["jest", [...JEST_ESM, "--env=jsdom", "alone"], { MODULES: "esm" }],
};

let site;

before(async () => {
  site = await startSite();
});

after(() => site?.stop());

for (const [at, [name, [environment, command, env]]] of Object.entries(RUNS).entries()) {
  test(`${name}: tests of an app run, against the real server`, async () => {
    const note = at + 1;
    await site.write(note, "before");
    const app = await App.create(name.toLowerCase().replaceAll(/, ?/g, "-"), { environment });
    const gateway = await openGateway(site);
    try {
      await app.run(command, { env: { SITE: gateway.url, NOTE: String(note), ...env } });
      const context = `GET ctx/note/?note_id=${note}`;
      // A process reads a note, then watches it: nothing is remembered there.
      const reads = command.at(-1) === "process" ? [context] : [];
      assert.deepEqual(gateway.since(0), [
        ...reads,
        context,
        context,
        "GET session/",
        "POST call/",
      ]);
    } finally {
      await gateway.close();
    }
  });
}

for (const [name, [environment, command, env]] of Object.entries(ALONE)) {
  test(`${name}: tests of an app run by themselves, isolated and in their own time`, async () => {
    // A runner takes what it is to run for a part of a path.
    const folder = `serverless-${name.toLowerCase().replaceAll(/, ?/g, "-")}`;
    const app = await App.create(folder, { environment });
    const gateway = await openGateway(site);
    try {
      await app.run(command, { env: { SITE: gateway.url, ...env } });
      assert.deepEqual(gateway.since(0), []);
    } finally {
      await gateway.close();
    }
  });
}
