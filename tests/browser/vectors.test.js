// The package as it is published, in Chromium: its own WebAssembly, and the shared vectors through it.
// Their format: tests/vectors/README.md.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { reading, visible } from "../reading.js";
import { launch, Visitor } from "./visitor.js";

const POLICY = "default-src 'none'; connect-src 'self'; img-src data:; script-src 'self'";
const PAGES = {
  "/": `${POLICY} 'wasm-unsafe-eval'`,
  "/without-wasm/": POLICY,
};
const FILES = {
  "/dist/": [new URL("../../pkg/dist/", import.meta.url), "text/javascript"],
  "/vectors/": [new URL("../vectors/", import.meta.url), "application/json"],
  "/test/": [new URL("../../js/test/", import.meta.url), "text/javascript"],
};

let server;
let browser;
let visitor;

before(async () => {
  server = createServer(serve);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server.close();
});

afterEach(() => visitor.leave());

/** Two empty pages, the package and the vectors. Nothing answers under /api/. */
function serve({ url }, response) {
  const [folder, name] = url.split(/(?<=^\/\w+\/)(?=[\w.]+$)/);
  if (url in PAGES) {
    response.setHeader("Content-Security-Policy", PAGES[url]);
    response.setHeader("Content-Type", "text/html");
    response.end('<!doctype html><link rel="icon" href="data:,"><title>Vectors</title>');
  } else if (folder in FILES && name) {
    const [root, type] = FILES[folder];
    response.setHeader("Content-Type", type);
    response.end(readFileSync(new URL(name, root)));
  } else {
    response.writeHead(404).end();
  }
}

async function arrive(path) {
  visitor = await Visitor.arrive(browser, `http://127.0.0.1:${server.address().port}`);
  return visitor.window(path);
}

/**
 * What the page makes of every case of a file, by id. `outcomeOf` runs in the page, which reads the file
 * itself: not every string of the vectors survives the way from one process to another.
 */
async function outcomes(page, file, outcomeOf) {
  return page.evaluate(
    `(async () => {
      const runtime = await import("/dist/index.js");
      const cases = await (await fetch("/vectors/${file}")).json();
      const reading = ${reading};
      const outcomeOf = ${outcomeOf};
      const found = {};
      for (const each of cases) {
        try {
          found[each.id] = { value: await outcomeOf(runtime, each) };
        } catch ({ name, message, position }) {
          found[each.id] = { error: { name, message, position } };
        }
      }
      return found;
    })()`,
  );
}

/** Compares all cases, and says all that fail. `check` throws for one that does. */
function compare(file, found, check) {
  const cases = JSON.parse(readFileSync(new URL(`../vectors/${file}`, import.meta.url), "utf8"));
  const failures = [];
  let ran = 0;
  for (const each of cases) {
    try {
      assert.ok(each.id in found, "it did not run");
      check(each, found[each.id]);
      ran++;
    } catch (error) {
      failures.push(`${each.id} (${each.name}): ${error.message}`);
    }
  }
  assert.equal(failures.join("\n"), "");
  assert.ok(ran > 0);
  assert.equal(Object.keys(found).length, cases.length, "every case has an id of its own");
  assert.equal(ran, cases.length, "every case ran");
}

test("keys, in the package as it is published", async () => {
  const page = await arrive("/");
  const found = await outcomes(page, "keys.json", ({ contextKey, registerContext }, { input }) => {
    const key = contextKey(input.context, input.params);
    return key === registerContext(input.context, input.params).key ? key : "two keys";
  });
  compare("keys.json", found, ({ expected, must_fail, at }, { value, error }) => {
    if (must_fail) {
      assert.equal(error?.name, "InvalidKey");
      assert.ok(error.message.includes(at ?? ""), error.message);
    } else {
      assert.deepEqual({ value, error }, { value: expected, error: undefined });
    }
  });
});

test("headers, in the package as it is published", async () => {
  const page = await arrive("/");
  const found = await outcomes(
    page,
    "header.json",
    ({ formatInvalidateHeader, parseInvalidateHeader }, { kind, input }) =>
      kind === "format" ? formatInvalidateHeader(input) : parseInvalidateHeader(input.join(", ")),
  );
  compare("header.json", found, (each, { value, error }) => {
    const { kind, expected, must_fail, position, limit } = each;
    if (must_fail) {
      assert.equal(kind, "parse");
      assert.deepEqual(
        { name: error?.name, position: error?.position },
        { name: "InvalidHeader", position },
      );
    } else if (limit === undefined) {
      assert.match(kind, /^(parse|format)$/);
      assert.deepEqual({ value, error }, { value: expected, error: undefined });
    } else {
      // The package has one limit, that of the protocol: what fits a narrower one fits it unwidened.
      assert.equal(typeof value, "string");
      assert.ok(value.length <= 4096);
    }
  });
});

test("matches, by what a page fetches again", async () => {
  const page = await arrive("/");
  const found = await outcomes(
    page,
    "matches.json",
    async ({ configure, invalidate, registerContext }, { invalidation, key }) => {
      const urls = [];
      configure({
        fetch: async (url) => {
          urls.push(new URL(url, location.href).href);
          return Response.json({});
        },
      });
      const settled = async () => {
        do {
          await new Promise((resolve) => setTimeout(resolve));
        } while (registration.getSnapshot().isFetching);
      };
      const registration = registerContext(key.context, key.params);
      registration.subscribe(() => {});
      await settled();
      const first = urls.splice(0);
      invalidate([invalidation]);
      await settled();
      registration.release();
      invalidate(["*"]); // so that the next case that looks at this key fetches it, too
      return { first, again: urls };
    },
  );
  compare("matches.json", found, ({ expected }, { value, error }) => {
    assert.equal(error, undefined);
    assert.equal(value.first.length, 1);
    assert.deepEqual(value.again, expected ? value.first : []);
  });
});

test("the traces of the cache machine, through the WebAssembly that the package carries", async () => {
  const page = await arrive("/");
  // The page keeps the module for all cases; each gets an instance of its own.
  const found = await outcomes(page, "cache.json", async (runtime, trace) => {
    const { machineOf, play } = await import("/test/trace.mjs");
    globalThis.machine ??= machineOf(runtime);
    return play(globalThis.machine, trace);
  });
  compare("cache.json", found, ({ id, steps }, { value, error }) => {
    assert.match(id, /^C\d{3}$/);
    assert.equal(error, undefined);
    assert.equal(value.length, steps.length);
    for (const [at, outputs] of value.entries()) {
      assert.deepEqual(outputs, steps[at].outputs, `step ${at}: ${JSON.stringify(outputs)}`);
    }
  });
});

test("bodies, by which objects of a page are older ones", async () => {
  const page = await arrive("/");
  const found = await outcomes(
    page,
    "body.json",
    async ({ configure, invalidate, registerContext }, { id, old, new: text }) => {
      let answer = old ?? "{}";
      configure({ fetch: async () => new Response(answer) });
      const registration = registerContext("body", { id });
      const settled = async () => {
        do {
          await new Promise((resolve) => setTimeout(resolve));
        } while (registration.getSnapshot().isFetching);
        return registration.getSnapshot();
      };
      registration.subscribe(() => {});
      const before = (await settled()).data;
      answer = text;
      invalidate([{ context: "body", params: { id } }]);
      const { data, error } = await settled();
      registration.release();
      return error
        ? { status: error.status, cause: error.cause?.name, kept: data === before }
        : { reading: reading(before, data), text: JSON.stringify(data) };
    },
  );
  compare("body.json", found, ({ new: text, expected, must_fail }, { value, error }) => {
    assert.equal(error, undefined);
    if (must_fail) {
      assert.deepEqual(value, { status: 0, cause: "SyntaxError", kept: true });
    } else {
      const read = JSON.parse(text.replace(/^\ufeff/, ""));
      assert.equal(value.text, JSON.stringify(read));
      assert.deepEqual(value.reading, visible(expected, read));
    }
  });
});

test("without 'wasm-unsafe-eval' every use throws the one error that says what to allow", async () => {
  const page = await arrive("/without-wasm/");
  const errors = await page.evaluate(`(async () => {
    const { contextKey, formatInvalidateHeader, mizanFetch } = await import("/dist/index.js");
    const uses = [() => contextKey("user"), () => mizanFetch("user"), () => formatInvalidateHeader(["user"])];
    return Promise.all(uses.map(async (use) => {
      try {
        return await use();
      } catch (error) {
        return [error.name, error.type, error.message, error.cause?.name];
      }
    }));
  })()`);
  const message =
    "WebAssembly is blocked: allow 'wasm-unsafe-eval' in script-src, or import @mizan/runtime/js";
  for (const error of errors) {
    assert.deepEqual(error, ["MizanError", "wasm", message, "CompileError"]);
    visitor.expectFailure("CSP: script-src blocked wasm-eval");
  }
});
