// The entry that is given its WebAssembly as files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const bytesOf = (module) => readFileSync(require.resolve(`@mizan/runtime/${module}.wasm`));
const machine = bytesOf("machine");
const writer = bytesOf("writer");

let loaded = 0;
/** A copy of its own, which has been given nothing. */
const load = () => import(`${import.meta.resolve("@mizan/runtime/slim")}?${++loaded}`);

/** An answer as of a server; `url` is where it came from. */
function answer(bytes, { status = 200 } = {}) {
  const response = new Response(bytes, { status });
  Object.defineProperty(response, "url", { value: "http://server.test/machine.wasm" });
  return response;
}

const key = ({ contextKey }) => contextKey("user", { user_id: 5 });

test("before it is given its file, every use says what to do", async () => {
  const slim = await load();
  const saying = (file) => (error) =>
    error instanceof slim.MizanError &&
    error.type === "wasm" &&
    error.message === `No WebAssembly: call ready() with ${file} before anything else`;
  assert.throws(() => key(slim), saying("machine.wasm"));
  assert.throws(() => slim.registerContext("user"), saying("machine.wasm"));
  await assert.rejects(slim.mizanFetch("user"), saying("machine.wasm"));
  await assert.rejects(slim.mizanCall("rename"), saying("machine.wasm"));
  await slim.ready(machine);
  assert.equal(key(slim), "user?user_id=5");
  assert.throws(() => slim.formatInvalidateHeader(["user"]), saying("writer.wasm"));
  await slim.ready(writer);
  assert.equal(slim.formatInvalidateHeader(["user"]), "user");
});

for (const [what, given] of [
  ["bytes", () => machine],
  ["a buffer", () => new Uint8Array(machine).buffer],
  ["a module", () => new WebAssembly.Module(machine)],
]) {
  test(`given ${what}, it works at once`, async () => {
    const slim = await load();
    slim.ready(given());
    assert.equal(key(slim), "user?user_id=5");
  });
}

test("given answers, it works when they are there, in whatever order", async () => {
  const slim = await load();
  await slim.ready(answer(writer), Promise.resolve(answer(machine)));
  assert.equal(key(slim), "user?user_id=5");
  assert.equal(slim.formatInvalidateHeader(["user"]), "user");
});

test("what is not its file is refused, and says why", async () => {
  const slim = await load();
  const refused = async (given, why) => {
    await assert.rejects(
      slim.ready(given),
      (error) =>
        error instanceof slim.MizanError && error.type === "wasm" && why.test(error.message),
    );
    assert.throws(() => key(slim), /machine\.wasm/);
  };
  await refused(answer("", { status: 404 }), /http:\/\/server\.test\/machine\.wasm .* 404/);
  await refused(answer("<!doctype html>"), /no WebAssembly/);
  await refused("/machine.wasm", /takes what fetch\(\) gives/);
  // As a proxy keeps it: the file of an older version. Its mark is at its end.
  const older = new Uint8Array(machine);
  older[older.length - 3] ^= 1;
  await refused(answer(older), /version/);
  await refused(new WebAssembly.Module(older), /version/);
  const lost = new TypeError("fetch failed");
  await assert.rejects(slim.ready(Promise.reject(lost)), lost);
});

test("where WebAssembly is blocked, being ready is what says so", async () => {
  const slim = await load();
  const { Module } = WebAssembly;
  WebAssembly.Module = class {
    constructor() {
      throw new WebAssembly.CompileError("blocked");
    }
  };
  try {
    await assert.rejects(slim.ready(machine), ({ type, message, cause }) => {
      assert.equal(type, "wasm");
      assert.match(message, /'wasm-unsafe-eval'.*@mizan\/runtime\/js/);
      return cause instanceof WebAssembly.CompileError;
    });
  } finally {
    WebAssembly.Module = Module;
  }
});
