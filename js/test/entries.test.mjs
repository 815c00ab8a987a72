// The package's entries: which names each has, what a page shares that has loaded several, and what each
// says where there is no WebAssembly.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import { build } from "esbuild";
import { pack } from "../pack.mjs";
import { isTwin } from "./instance.mjs";
import { openPage } from "./page.mjs";
import { idle } from "./server.mjs";

const require = createRequire(import.meta.url);
const dist = new URL("../../pkg/dist/", import.meta.url);
const here = fileURLToPath(new URL(".", import.meta.url));

/** What a page without a bundler gets. */
const NAMES = [
  "InvalidHeader",
  "InvalidKey",
  "MizanError",
  "configure",
  "contextKey",
  "hydrate",
  "invalidate",
  "mizanCall",
  "mizanFetch",
  "parseInvalidateHeader",
  "registerContext",
];
const ALL = [
  ...NAMES,
  "formatInvalidateHeader",
  "inspect",
  "observe",
  "replaceDates",
  "reviveDates",
].sort();
const DEVTOOLS = ["mountDevtools", "record", "summarize"];
const REACT = [
  "MizanError",
  "MizanServer",
  "defineBundle",
  "defineBundleSuspense",
  "defineContext",
  "defineInfinite",
  "defineMember",
  "defineMemberSuspense",
  "defineMutation",
  "withDates",
  "withMutationDates",
];
/** What the entries for tests need. It is not declared: nobody else has any use for it. */
const TOOLS = ["reset"];
/** What each copy has for itself: it has to do with no cache, or says so where the cache is another one's. */
const OWN = [
  "InvalidHeader",
  "formatInvalidateHeader",
  "inspect",
  "observe",
  "parseInvalidateHeader",
  "replaceDates",
  "reviveDates",
  ...TOOLS,
];

const text = (file) => readFileSync(new URL(file, dist), "utf8");
const names = (exports) => Object.keys(exports).sort();

/** What a script tag makes of a file. */
const script = (file) => runInThisContext(`${text(file)}; Mizan`);

/** The CommonJS copy of an entry, loaded anew. */
function requireAnew(entry) {
  delete require.cache[require.resolve(entry)];
  return require(entry);
}

/** What a process of its own prints that runs this. */
function run(code, ...flags) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, "--input-type=module", "--eval", code],
    { cwd: here, encoding: "utf8", timeout: 60_000 },
  );
  assert.equal(status, 0, stderr);
  return stdout;
}

test("the tests run against the entry that they are asked to", () => {
  assert.equal(isTwin, /mizan-js/.test(process.env.NODE_OPTIONS));
});

for (const entry of ["@mizan/runtime", "@mizan/runtime/js", "@mizan/runtime/slim"]) {
  test(`${entry} has the same names, imported or required`, async () => {
    const expected = [...ALL, ...TOOLS, ...(entry.endsWith("slim") ? ["ready"] : [])].sort();
    assert.deepEqual(names(await import(entry)), expected);
    assert.deepEqual(names(require(entry)), expected);
  });
}

test("what is declared is what there is", () => {
  const declared = [...text("index.d.ts").matchAll(/^export \{(.*?)\} from/gms)]
    .flatMap(([, list]) => list.split(","))
    .map((name) => name.trim())
    .filter((name) => name && !name.startsWith("type "));
  assert.deepEqual(declared.sort(), ALL);
});

for (const [conditions, file] of [
  [[], "index.js"],
  [["mizan-js"], "js/index.js"],
  [["mizan-slim"], "slim.js"],
  [["edge-light"], "js/index.js"],
  [["workerd", "worker", "browser"], "workerd.js"],
]) {
  test(`with the conditions [${conditions}] the React entry and the other one are of ${file}`, async () => {
    const { metafile } = await build({
      stdin: {
        contents: `export * from "@mizan/runtime"; export { defineContext } from "@mizan/runtime/react";`,
        resolveDir: here,
      },
      bundle: true,
      format: "esm",
      conditions,
      external: ["react", "*.wasm"],
      metafile: true,
      write: false,
    });
    const found = Object.keys(metafile.inputs).filter((path) => path.includes("/dist/"));
    assert.deepEqual(
      found.map((path) => path.split("/dist/")[1]).sort(),
      [file, "react.js"].sort(),
    );
  });
}

for (const entry of ["@mizan/runtime/devtools", "@mizan/runtime/js/devtools"]) {
  test(`${entry} looks at the entry beside it, and does nothing where there is no page`, async () => {
    const runtime = entry.slice(0, -"/devtools".length);
    for (const load of [(name) => import(name), require]) {
      const devtools = await load(entry);
      assert.deepEqual(names(devtools), DEVTOOLS);
      const seen = [];
      const stop = devtools.record(({ moments }) => seen.push(moments.at(-1).reason));
      (await load(runtime)).invalidate(["user"]);
      stop();
      assert.deepEqual(seen, ["invalidate()"]);
      devtools.mountDevtools()();
    }
  });
}

test("@mizan/runtime/islands needs no runtime, and does nothing where there is no page", async () => {
  for (const load of [(name) => import(name), require]) {
    const { mountIslands, ...others } = await load("@mizan/runtime/islands");
    assert.deepEqual(names(others), []);
    mountIslands({ Card: () => "card" })();
  }
  for (const file of ["islands.js", "islands.cjs"]) {
    const imported = text(file).matchAll(/(?:from|require\()\s*"([^"]+)"/g);
    assert.deepEqual(Array.from(imported, ([, name]) => name).sort(), [
      "react",
      "react-dom/client",
    ]);
  }
});

for (const entry of ["@mizan/runtime/react", "@mizan/runtime/js/react"]) {
  test(`${entry} is of one runtime with the entry beside it`, async () => {
    const runtime = entry.slice(0, -"/react".length);
    assert.deepEqual(names(await import(entry)), REACT);
    assert.deepEqual(names(require(entry)), REACT);
    assert.equal((await import(entry)).MizanError, (await import(runtime)).MizanError);
    assert.equal(require(entry).MizanError, require(runtime).MizanError);
  });
}

for (const entry of ["@mizan/runtime/testing", "@mizan/runtime/js/testing"]) {
  test(`${entry} answers the runtime beside it`, async () => {
    const runtime = entry.slice(0, -"/testing".length);
    for (const load of [(name) => import(name), require]) {
      const { createTestServer, ...others } = await load(entry);
      assert.deepEqual(names(others), ["problem"]);
      const server = createTestServer();
      server.context("user", { user_id: 5 }, { name: "Ada" });
      const { mizanFetch } = await load(runtime);
      assert.deepEqual(await mizanFetch("user", { user_id: 5 }), { name: "Ada" });
      server.stop();
    }
  });
}

test("the scripts have all that a page needs", () => {
  for (const file of ["mizan.global.js", "mizan.js.global.js"]) {
    assert.deepEqual(names(script(file)), NAMES);
    assert.equal(script(file).contextKey("user", { user_id: 5 }), "user?user_id=5");
  }
});

test("the twin makes no code of text, and what has its WebAssembly as files has no text of it", () => {
  for (const file of ["js/index.js", "js/index.cjs", "mizan.js.global.js", "mizan-htmx.js"]) {
    assert.doesNotMatch(text(file), /new WebAssembly|new Function|\beval\(/);
  }
  for (const module of ["machine", "writer"]) {
    const [, code] = pack(readFileSync(new URL(`${module}.wasm`, dist))).split("~");
    assert.ok(text("index.js").includes(code));
    for (const file of ["slim.js", "slim.cjs", "workerd.js"]) {
      assert.ok(!text(file).includes(code), file);
    }
  }
});

test("the entry of workerd compiles nothing: its modules are imported", async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("workerd.js", dist))],
    bundle: true,
    format: "esm",
    write: false,
    plugins: [
      {
        // What workerd and its bundler do with an import of a .wasm.
        name: "compiled",
        setup({ onLoad }) {
          onLoad({ filter: /\.wasm$/ }, ({ path }) => ({
            contents: `export default new WebAssembly.Module(new Uint8Array([${[...readFileSync(path)]}]));`,
          }));
        },
      },
    ],
  });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  const { contextKey, formatInvalidateHeader } = await import(
    `data:text/javascript;base64,${code}`
  );
  const { Module } = WebAssembly;
  WebAssembly.Module = undefined;
  try {
    assert.equal(contextKey("user", { user_id: 5 }), "user?user_id=5");
    assert.equal(formatInvalidateHeader(["board"]), "board");
  } finally {
    WebAssembly.Module = Module;
  }
});

test("a page that has loaded the package many times has one cache and makes one request", async () => {
  const page = await openPage();
  const observed = [globalThis.fetch, XMLHttpRequest.prototype.open];
  const copies = [
    await import(`${import.meta.resolve("@mizan/runtime")}?again`),
    requireAnew("@mizan/runtime"),
    requireAnew("@mizan/runtime/js"),
    script("mizan.global.js"),
    script("mizan.js.global.js"),
  ];
  assert.deepEqual([globalThis.fetch, XMLHttpRequest.prototype.open], observed);
  const values = await Promise.all(copies.map(({ mizanFetch }) => mizanFetch("user")));
  assert.equal(page.fetched("user"), 1);
  assert.ok(values.every((value) => value === values[0]));
  for (const copy of copies) {
    for (const name of names(copy).filter((name) => !OWN.includes(name))) {
      assert.equal(copy[name], page[name], name);
    }
  }
  // What one copy changes, the others show.
  const registration = copies[1].registerContext("user");
  const stop = registration.subscribe(() => {});
  await idle();
  page.server.version = 1;
  copies[3].invalidate(["user"]);
  await idle();
  assert.deepEqual(registration.getSnapshot().data, { version: 1 });
  // And of the page's own requests they hear once.
  page.server.routes.set("/form", (request) =>
    request.answer({}, { headers: { "X-Mizan-Invalidate": "user" } }),
  );
  await fetch("/form", { method: "POST" });
  await idle();
  assert.equal(page.told("invalidate").filter(({ source }) => source === "header").length, 1);
  stop();
});

test("an error of one copy is an error of the others", async () => {
  const page = await openPage();
  const { MizanError, InvalidKey } = requireAnew("@mizan/runtime");
  page.server.routes.set("/api/mizan/ctx/user/", (request) => request.problem(403));
  await assert.rejects(page.mizanFetch("user"), MizanError);
  assert.throws(() => page.contextKey(""), InvalidKey);
});

test("a page that comes later shares nothing with the one before it", async () => {
  const first = await openPage();
  const second = await openPage();
  assert.notEqual(first.mizanFetch, second.mizanFetch);
});

test("a process without a document shares nothing", () => {
  const printed = run(`
    import { createRequire } from "node:module";
    import * as imported from "@mizan/runtime";
    const require = createRequire(import.meta.url);
    const required = require("@mizan/runtime");
    const marks = Object.getOwnPropertySymbols(globalThis).filter((key) => /mizan/.test(String(key)));
    console.log(imported.mizanFetch === required.mizanFetch, marks.length);`);
  assert.equal(printed, "false 0\n");
});

/** Uses everything that an entry has, and prints the errors. */
const useAll = (entry) => `
  import { configure, contextKey, formatInvalidateHeader, invalidate, mizanCall, mizanFetch,
    MizanError, parseInvalidateHeader, registerContext } from "${entry}";
  configure({ cache: true, fetch: async () => new Response('{"result": 1}'), retries: 0 });
  const uses = { contextKey: () => contextKey("user"), registerContext: () => registerContext("user"),
    mizanFetch: () => mizanFetch("user"), mizanCall: () => mizanCall("rename"),
    invalidate: () => invalidate(["*"]), parse: () => parseInvalidateHeader("user"),
    format: () => formatInvalidateHeader(["user"]) };
  for (const [name, use] of Object.entries(uses)) {
    try {
      await use();
      console.log(name);
    } catch (error) {
      console.log(name, error instanceof MizanError, error.name, error.status, error.type, error.message, error.cause?.name);
    }
  }`;
const USES = [
  "contextKey",
  "registerContext",
  "mizanFetch",
  "mizanCall",
  "invalidate",
  "parse",
  "format",
];

/** Without WebAssembly, Node's own Response does not work either. */
const RESPONSE = `globalThis.Response = class {
  constructor(text) {
    Object.assign(this, { status: 200, ok: true, headers: new Map(), text });
  }
  async arrayBuffer() { return new TextEncoder().encode(this.text); }
};`;

for (const [what, code, cause, ...flags] of [
  ["there is no WebAssembly", RESPONSE, "ReferenceError", "--jitless"],
  [
    "a policy forbids modules",
    "WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError(); } };",
    "CompileError",
  ],
  [
    "a policy forbids instances",
    "WebAssembly.Instance = class { constructor() { throw new WebAssembly.CompileError(); } };",
    "CompileError",
  ],
  [
    "modules may have 4 kilobytes",
    `const { Module } = WebAssembly;
     WebAssembly.Module = class { constructor({ length }) { if (length > 4096) throw new RangeError(); } };`,
    "RangeError",
  ],
]) {
  const code_ = `data:text/javascript,${encodeURIComponent(code)}`;

  test(`where ${what}, every use throws the one error that says what to do`, () => {
    const entry = new URL("index.js", dist);
    const lines = run(useAll(entry), "--import", code_, ...flags)
      .trim()
      .split("\n");
    const message =
      "WebAssembly is blocked: allow 'wasm-unsafe-eval' in script-src, or import @mizan/runtime/js";
    assert.deepEqual(
      lines,
      USES.map((use) => `${use} true MizanError 0 wasm ${message} ${cause}`),
    );
  });

  test(`where ${what}, the twin works`, () => {
    const lines = run(useAll("@mizan/runtime/js"), "--import", code_, ...flags);
    assert.deepEqual(lines.trim().split("\n"), USES);
  });
}

for (const entry of ["@mizan/runtime", "@mizan/runtime/js"]) {
  test(`${entry} needs no TextEncoder and no TextDecoder`, () => {
    const printed = run(`
      const bytes = new TextEncoder().encode('{"name": "Ada äöü €😀"}');
      delete globalThis.TextEncoder;
      delete globalThis.TextDecoder;
      const { configure, mizanFetch, contextKey, InvalidKey, parseInvalidateHeader } = await import("${entry}");
      configure({
        fetch: async () => ({ ok: true, status: 200, headers: new Map(), arrayBuffer: async () => bytes.buffer }),
      });
      console.log((await mizanFetch("user", { name: "ä€😀" })).name, contextKey("user", { name: "ä€😀" }));
      try { parseInvalidateHeader("ä"); } catch ({ name, position }) { console.log(name, position); }`);
    assert.equal(printed, "Ada äöü €😀 user?name=%C3%A4%E2%82%AC%F0%9F%98%80\nInvalidHeader 0\n");
  });
}
