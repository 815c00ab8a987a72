// `@mizan/runtime/generate` and the command, as programs of others use them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { generate, manifest, update, watch } from "@mizan/runtime/generate";

const cases = fileURLToPath(new URL("cases", import.meta.url));
const command = fileURLToPath(new URL("../../pkg/bin/mizan-generate.js", import.meta.url));
const schemaOf = (name) => readFileSync(join(cases, name, "schema.json"), "utf8");
const plain = schemaOf("plain");
/** As after `title` of the model `Task` has got another name. */
const renamed = plain
  .replaceAll(`"title": {`, `"headline": {`)
  .replaceAll(`"title",`, `"headline",`);
/** The files of the case `plain`, in the order in which they are written. */
const FILES = ["user.ts", "user.hooks.ts", "mutations.ts", "schema.ts", "types.ts", "index.ts"];
const signal = AbortSignal.timeout(60_000);

let folder;
let schema;
let out;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mizan-generate-"));
  schema = join(folder, "schema.json");
  out = join(folder, "out");
  writeFileSync(schema, plain);
});

afterEach(() => rmSync(folder, { recursive: true }));

test("a program gets the files that the command writes", () => {
  const names = readdirSync(cases);
  assert.ok(names.length > 5);
  for (const name of names) {
    const options = join(cases, name, "options.json");
    const given = existsSync(options) ? JSON.parse(readFileSync(options, "utf8")) : undefined;
    const files = generate(schemaOf(name), given);
    const golden = readdirSync(join(cases, name, "out"));
    assert.deepEqual(files.map((file) => file.path).sort(), golden.sort());
    for (const { path, text } of files) {
      assert.equal(text, readFileSync(join(cases, name, "out", path), "utf8"));
    }
    assert.equal(
      manifest(schemaOf(name)),
      readFileSync(join(cases, name, "manifest.json"), "utf8"),
    );
  }
});

test("a schema is text, its bytes, or what it says", () => {
  const files = generate(plain);
  assert.deepEqual(generate(Buffer.from(plain)), files);
  assert.deepEqual(generate(JSON.parse(plain)), files);
  const options = { extension: undefined, single: undefined, strings: undefined };
  assert.deepEqual(generate(plain, options), files);
});

test("options are those of the command", () => {
  const [only, ...more] = generate(plain, { single: true, strings: "plain" });
  assert.deepEqual([only.path, more], ["index.ts", []]);
  assert.match(only.text, /joined: string;/);
  const index = generate(plain, { extension: "js" }).find(({ path }) => path === "index.ts");
  assert.match(index.text, /from ".\/user.js";/);
  assert.throws(() => generate(plain, { extension: "mjs" }), /mjs/);
  assert.throws(() => generate(plain, { strings: "dates" }), /dates/);
});

test("an error says where in the schema what is wrong", () => {
  assert.throws(() => generate("{}"), {
    message: "schema: openapi: expected an OpenAPI version 3.1, found nothing",
  });
  assert.throws(() => manifest({ "x-mizan-contexts": 5 }, "mine.json"), {
    message: "mine.json: x-mizan-contexts: expected an object of contexts, found 5",
  });
});

test("an update says what it has done, and does nothing twice", async () => {
  const manifest = join(folder, "manifest.json");
  const job = { schema, out, manifest };
  const files = FILES.map((name) => join(out, name));
  assert.deepEqual(await update(job), { written: [...files, manifest], removed: [] });
  assert.deepEqual(await update(job), { written: [], removed: [] });
  writeFileSync(schema, renamed);
  assert.deepEqual(await update(job), { written: [join(out, "types.ts")], removed: [] });
  assert.deepEqual((await update({ ...job, single: true })).removed.length, 5);
  await assert.rejects(update({ schema }), /Neither out nor manifest/);
  await assert.rejects(update({ schema: join(folder, "no.json"), out }), /cannot read .*no\.json/);
});

test("a file is followed through changes and errors", async () => {
  const outcomes = watch({ schema, out }, { interval: 5, signal });
  const next = async () => (await outcomes.next()).value;
  assert.equal((await next()).written.length, FILES.length);
  writeFileSync(schema, renamed);
  assert.deepEqual(await next(), { written: [join(out, "types.ts")], removed: [] });
  writeFileSync(schema, `${renamed} `);
  assert.deepEqual(await next(), { written: [], removed: [] });
  writeFileSync(schema, "{}");
  assert.match((await next()).error.message, /schema\.json: openapi: expected/);
  rmSync(schema);
  assert.match((await next()).error.message, /cannot read .*schema\.json: ENOENT/);
  writeFileSync(schema, plain);
  let last;
  do last = await next();
  while (last.error);
  assert.deepEqual(last.written, [join(out, "types.ts")]);
  await outcomes.return();
});

test("an address is asked whether it has changed", async () => {
  const server = await serve(plain);
  const outcomes = watch({ schema: server.url, out }, { interval: 5, signal });
  const next = async () => (await outcomes.next()).value;
  assert.equal((await next()).written.length, FILES.length);
  const again = next();
  await server.answered(304);
  server.text = renamed;
  assert.deepEqual(await again, { written: [join(out, "types.ts")], removed: [] });
  server.status = 500;
  assert.equal((await next()).error.message, `cannot read ${server.url}: the server answers 500`);
  server.status = 200;
  assert.deepEqual(await next(), { written: [], removed: [] });
  await server.close();
  assert.match((await next()).error.message, /^cannot read http:.*ECONNREFUSED|socket|other side/);
  await outcomes.return();
});

test("watching ends with its signal", async () => {
  const end = new AbortController();
  const outcomes = watch({ schema, out }, { signal: end.signal });
  await outcomes.next();
  const last = outcomes.next();
  end.abort();
  assert.deepEqual(await last, { value: undefined, done: true });
});

test("the command goes on with --watch", async () => {
  const watching = spawn(process.execPath, [command, "--schema", schema, "--out", out, "--watch"]);
  const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]();
  const line = async () => (await lines.next()).value;
  for (const name of FILES) {
    assert.equal(await line(), `wrote ${join(out, name)}`);
  }
  const complaint = once(watching.stderr, "data");
  writeFileSync(schema, "no schema");
  assert.match(String(await complaint), /^mizan-generate: .*schema\.json: line 1 column/);
  writeFileSync(schema, renamed);
  assert.equal(await line(), `wrote ${join(out, "types.ts")}`);
  watching.kill();
  await once(watching, "close");
});

test("the command reads an address", async () => {
  const server = await serve(plain);
  const args = ["--schema", server.url, "--out", out];
  assert.deepEqual(await run(args), { code: 0, stderr: "" });
  assert.equal(readdirSync(out).length, FILES.length);
  assert.deepEqual(await run([...args, "--check"]), { code: 0, stderr: "" });
  server.text = renamed;
  const { code, stderr } = await run([...args, "--check"]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^mizan-generate: out of date with ${server.url}:\n {2}types`));
  server.status = 404;
  assert.match((await run(args)).stderr, /the server answers 404\n$/);
  await server.close();
});

const servers = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function serve(text) {
  const server = createServer((request, response) => {
    const etag = `"${state.text.length}"`;
    const isKnown = state.status === 200 && request.headers["if-none-match"] === etag;
    const status = isKnown ? 304 : state.status;
    response.writeHead(status, { etag, connection: "close" }).end(isKnown ? "" : state.text);
    server.emit(`answered ${status}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const state = {
    text,
    status: 200,
    url: `http://127.0.0.1:${server.address().port}/schema/`,
    answered: (status) => once(server, `answered ${status}`),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
  servers.push(state);
  return state;
}

async function run(args) {
  const child = spawn(process.execPath, [command, ...args]);
  let stderr = "";
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const [code] = await once(child, "close");
  return { code, stderr };
}
