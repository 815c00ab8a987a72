// The package as a page without a bundler loads it, in Chromium: by script tags and by imports, where
// WebAssembly is allowed, where a policy forbids it, and where there is none.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { launch, Visitor } from "./visitor.js";

const POLICY =
  "default-src 'none'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; script-src 'self'";
const DIST = new URL("../../pkg/dist/", import.meta.url);
const TYPES = { js: "text/javascript", wasm: "application/wasm" };

let server;
let browser;
let jitless;
let visitor;
/** The paths of the contexts that were asked for. */
let asked;

before(async () => {
  server = createServer(serve);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await launch();
  jitless = await launch(["--js-flags=--jitless"]);
});

after(async () => {
  await browser?.close();
  await jitless?.close();
  server.close();
});

afterEach(() => visitor.leave());

/** `/strict/` and `/wasm/` are pages; what follows says which scripts they have, each a name and a comma. */
function serve({ url }, response) {
  const [, folder, name] = url.split("/");
  if (folder === "dist") {
    response.setHeader("Content-Type", TYPES[url.split(".").at(-1)]);
    response.end(readFileSync(new URL(url.slice("/dist/".length), DIST)));
  } else if (folder === "api") {
    asked.push(url);
    response.setHeader("Content-Type", "application/json");
    response.end('{"name": "Ada"}');
  } else if (folder === "strict" || folder === "wasm") {
    const policy = folder === "wasm" ? `${POLICY} 'wasm-unsafe-eval'` : POLICY;
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("Content-Type", "text/html");
    const scripts = name.split(",").filter(Boolean);
    const tags = scripts.map((script) => `<script src="/dist/${script}"></script>`);
    response.end(
      `<!doctype html><link rel="icon" href="data:,"><title>Entries</title>${tags.join("")}`,
    );
  } else {
    response.writeHead(404).end();
  }
}

async function arrive(path, by = browser) {
  asked = [];
  visitor = await Visitor.arrive(by, `http://127.0.0.1:${server.address().port}`);
  return visitor.window(path);
}

/** What a page reads through a copy of the package: `copy` is an expression for it. */
const read = (page, copy) => page.evaluate(`(async () => (await ${copy}).mizanFetch("user"))()`);

for (const [what, copy, scripts] of [
  ["a script tag", "Mizan", "mizan.js.global.js"],
  ["an import", `import("/dist/js/index.js")`, ""],
]) {
  test(`under a policy that allows no WebAssembly, ${what} brings the twin, which works`, async () => {
    const page = await arrive(`/strict/${scripts}`);
    assert.deepEqual(await read(page, copy), { name: "Ada" });
    assert.deepEqual(asked, ["/api/mizan/ctx/user/"]);
  });

  test(`in a browser without WebAssembly, ${what} brings the twin, which works`, async () => {
    const page = await arrive(`/strict/${scripts}`, jitless);
    assert.equal(await page.evaluate("typeof WebAssembly"), "undefined");
    assert.deepEqual(await read(page, copy), { name: "Ada" });
  });
}

test("what needs WebAssembly says what to do where it is blocked, and listens to nothing", async () => {
  const page = await arrive("/strict/mizan.global.js");
  for (const use of ['mizanCall("rename")', 'mizanFetch("user")', 'contextKey("user")']) {
    const error = await page.evaluate(`(async () => {
      try {
        return await Mizan.${use};
      } catch (error) {
        return [error instanceof Mizan.MizanError, error.type, error.message, error.cause.name];
      }
    })()`);
    const message =
      "WebAssembly is blocked: allow 'wasm-unsafe-eval' in script-src, or import @mizan/runtime/js";
    assert.deepEqual(error, [true, "wasm", message, "CompileError"]);
  }
  // A page that cannot use it is not disturbed by it.
  await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
  assert.deepEqual(asked, []);
  // The call tries once more, to say that it is lost.
  for (let times = 0; times < 4; times++) {
    visitor.expectFailure("CSP: script-src blocked wasm-eval");
  }
});

test("the .wasm may be a file of its own", async () => {
  const page = await arrive("/wasm/");
  const key = await page.evaluate(`(async () => {
    const { contextKey, ready } = await import("/dist/slim.js");
    await ready(fetch("/dist/machine.wasm"));
    return contextKey("user", { user_id: 5 });
  })()`);
  assert.equal(key, "user?user_id=5");
});

test("a page that has loaded it by a script and twice by imports has one cache, one request", async () => {
  const page = await arrive("/wasm/mizan.global.js,mizan.js.global.js");
  const same = await page.evaluate(`(async () => {
    const copies = [Mizan, await import("/dist/index.js"), await import("/dist/js/index.js")];
    const values = await Promise.all(copies.map(({ mizanFetch }) => mizanFetch("user")));
    return values.every((value) => value === values[0])
      && copies.every(({ MizanError }) => MizanError === Mizan.MizanError);
  })()`);
  assert.equal(same, true);
  assert.deepEqual(asked, ["/api/mizan/ctx/user/"]);
});
