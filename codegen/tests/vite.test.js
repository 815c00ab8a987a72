// `@mizan/runtime/vite` in Vite's own development server and build, with a page in Chromium.

import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import mizan from "@mizan/runtime/vite";
import { build, createLogger, createServer } from "vite";
import { launch } from "../../tests/browser/visitor.js";

const plain = readFileSync(new URL("cases/plain/schema.json", import.meta.url), "utf8");
const changed = plain
  .replaceAll('"rename"', '"call_me"')
  .replaceAll("call/rename/", "call/call_me/");
// Below the workspace, so that what is generated finds its packages.
const target = fileURLToPath(new URL("../../target", import.meta.url));

let browser;
let root;
let server;
let page;
let log;
const logged = new EventEmitter();

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

beforeEach(() => {
  mkdirSync(target, { recursive: true });
  root = mkdtempSync(join(target, "vite-"));
  log = [];
  writeFileSync(join(root, "schema.json"), plain);
  writeFileSync(
    join(root, "index.html"),
    '<!doctype html><p></p><script type="module" src="/main.ts"></script>',
  );
  writeFileSync(
    join(root, "main.ts"),
    `import * as mizan from "./mizan";
     document.querySelector("p")!.textContent = Object.keys(mizan).filter((name) => /Provider$|^use[A-Z](?!.*Suspense)/.test(name)).sort().join(" ");`,
  );
});

afterEach(async () => {
  await page?.close();
  await server?.close();
  page = server = undefined;
  rmSync(root, { recursive: true });
});

/** Vite as an app has it, but for its log. */
function settings(job) {
  const customLogger = createLogger();
  for (const level of ["info", "warn", "error"]) {
    customLogger[level] = (text) => {
      log.push(text.replaceAll(root, ""));
      logged.emit("line");
    };
  }
  const plugin = mizan({ schema: "schema.json", out: "mizan", interval: 20, ...job });
  return { root, configFile: false, customLogger, plugins: [plugin] };
}

async function serve(job) {
  server = await createServer({ ...settings(job), server: { port: 0, host: "127.0.0.1" } });
  await server.listen();
}

async function visit() {
  page = await browser.newPage();
  await page.goto(server.resolvedUrls.local[0]);
}

/** Until Vite's log has that. */
async function said(text) {
  while (!log.some((line) => line.includes(text))) await once(logged, "line");
}

const names = (text) => page.locator("p", { hasText: text }).waitFor();
const overlay = () => page.locator("vite-error-overlay .message-body");
const write = (text) => writeFileSync(join(root, "schema.json"), text);

const BEFORE = "UserProvider useRename useUser useUserProfile useUserTasks";
const AFTER = "UserProvider useCallMe useUser useUserProfile useUserTasks";

test("a page begins with what the schema says, and follows it", async () => {
  await serve({ manifest: "manifest.json" });
  assert.deepEqual(readdirSync(join(root, "mizan")).length, 6);
  assert.ok(existsSync(join(root, "manifest.json")));
  await visit();
  await names(BEFORE);
  write(changed);
  await names(AFTER);
  await said("mizan wrote /mizan/mutations.ts");
});

test("what is wrong with a schema stands over the page until it is right", async () => {
  await serve();
  await visit();
  await names(BEFORE);
  write("{}");
  await overlay().waitFor();
  assert.match(
    await overlay().textContent(),
    /schema\.json: openapi: expected an OpenAPI version 3\.1, found nothing/,
  );
  // Also over a page that comes later.
  await page.reload();
  await overlay().waitFor();
  // Nothing that was generated has to change.
  write(`${plain}\n`);
  await overlay().waitFor({ state: "detached" });
  await names(BEFORE);
  write("[");
  await overlay().waitFor();
  write(changed);
  await names(AFTER);
  await overlay().waitFor({ state: "detached" });
});

test("a server that is not there yet is waited for", async () => {
  const django = createHttpServer((_, response) => response.end(plain));
  django.listen(0, "127.0.0.1");
  await once(django, "listening");
  const { port } = django.address();
  await new Promise((resolve) => django.close(resolve));

  await serve({ schema: `http://127.0.0.1:${port}/schema/` });
  await said(`mizan: cannot read http://127.0.0.1:${port}/`);
  assert.ok(!existsSync(join(root, "mizan")));
  django.listen(port, "127.0.0.1");
  await said("mizan wrote /mizan/index.ts");
  await visit();
  await names(BEFORE);
  django.closeAllConnections();
  django.close();
});

test("a build generates first, and fails where that does", async () => {
  await build(settings());
  const [script] = readdirSync(join(root, "dist/assets"));
  assert.match(readFileSync(join(root, "dist/assets", script), "utf8"), /user_profile/);
  write("{}");
  await assert.rejects(build(settings()), /openapi: expected an OpenAPI version 3\.1/);
});
