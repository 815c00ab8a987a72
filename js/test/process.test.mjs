// What a process without a document does: nothing is remembered for the next person.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { configure, InvalidKey, MizanError, mizanFetch } from "@mizan/runtime";
import { Server } from "./server.mjs";

const server = new Server();
configure({ cache: undefined, fetch: server.fetch });

test("each fetch of a context asks the server", async () => {
  await mizanFetch("user", { user_id: 5 });
  await Promise.all([mizanFetch("user", { user_id: 5 }), mizanFetch("user", { user_id: 5 })]);
  assert.equal(server.requests.length, 3);
});

test("a refusal is an error, and so is a key that cannot be", async () => {
  server.held = true;
  const refused = mizanFetch("user", { user_id: 6 });
  while (server.waiting.length === 0) await new Promise(setImmediate);
  server.waiting[0].problem(404);
  await assert.rejects(refused, (error) => error instanceof MizanError && error.status === 404);
  await assert.rejects(mizanFetch("user", { userId: 5 }), InvalidKey);
});

test("giving up rejects with the reason", async () => {
  const controller = new AbortController();
  const given = mizanFetch("user", { user_id: 7 }, { signal: controller.signal });
  while (server.waiting.length < 2) await new Promise(setImmediate);
  controller.abort(new Error("enough"));
  await assert.rejects(given, /enough/);
});

/** What a process of its own prints that runs this, and how it ends: in real time, because it is about that. */
function run(code) {
  const program = `
    import { configure, mizanCall, mizanFetch, registerContext } from "@mizan/runtime";
    const idle = async () => { for (let n = 0; n < 20; n++) await new Promise(setImmediate); };
    let asked = 0;
    let failures = 0;
    const fetch = async (url, { method } = {}) => {
      if (url.endsWith("session/")) return new Response('{"csrf": "x"}');
      if (method === "POST") return new Response('{"result": 1, "invalidate": ["user"]}');
      asked++;
      return failures-- > 0 ? new Response("", { status: 503 }) : new Response('{"version": 1}');
    };
    configure({ cache: true, fetch, onEvent: () => {} });
    ${code}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", program],
    { cwd: new URL(".", import.meta.url), encoding: "utf8", timeout: 20_000 },
  );
  assert.equal(status, 0, stderr);
  return { stdout };
}

test("a process stays for a read that waits to be tried again", () => {
  const { stdout } = run(`
    failures = 2;
    mizanFetch("user").then((value) => console.log(asked, value));`);
  assert.equal(stdout, "3 { version: 1 }\n");
});

test("a process stays for a call whose refetch waits to be tried again", () => {
  const { stdout } = run(`
    registerContext("user").subscribe(() => {});
    await idle();
    failures = 1;
    mizanCall("rename", {}, { awaitRefetch: true }).then((value) => console.log(asked, value));`);
  assert.equal(stdout, "3 1\n");
});

test("a process does not stay for what is to be forgotten, or for what only a subscriber wants", () => {
  const { stdout } = run(`
    await mizanFetch("user");
    const stop = registerContext("user").subscribe(() => {});
    registerContext("board", {}, { refetchInterval: 100e3 }).subscribe(() => {});
    await idle();
    stop();
    console.log("done");`);
  assert.equal(stdout, "done\n");
});

test("a process stays for one read even if another one has ended or given up", () => {
  const { stdout } = run(`
    failures = 2;
    const controller = new AbortController();
    mizanFetch("board", {}, { signal: controller.signal }).catch(() => console.log("given up"));
    mizanFetch("user").then((value) => console.log(value));
    await mizanFetch("tags");
    controller.abort();`);
  assert.equal(stdout, "given up\n{ version: 1 }\n");
});
