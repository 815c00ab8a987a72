import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import {
  configure,
  formatInvalidateHeader,
  InvalidHeader,
  InvalidKey,
  invalidate,
  MizanError,
  mizanCall,
  mizanFetch,
  parseInvalidateHeader,
} from "@mizan/runtime";
import { outcome, Server } from "./server.mjs";

let server;

beforeEach(() => {
  server = new Server();
  configure({ cache: true, fetch: server.fetch, onEvent: () => {} });
});

test("problem details become a MizanError with their fields", async () => {
  const errors = [{ loc: ["name"], msg: "too long", type: "string_too_long" }];
  server.onCall((request) =>
    request.problem(422, {
      type: "urn:mizan:problem:invalid-arguments",
      title: "Invalid arguments",
      detail: "One argument was not accepted.",
      errors,
    }),
  );
  const { error } = await outcome(mizanCall("rename", { name: "x" }));
  assert.ok(error instanceof MizanError && error instanceof Error);
  assert.equal(error.name, "MizanError");
  assert.equal(error.status, 422);
  assert.equal(error.type, "urn:mizan:problem:invalid-arguments");
  assert.equal(error.title, "Invalid arguments");
  assert.equal(error.detail, "One argument was not accepted.");
  assert.equal(error.message, "Invalid arguments: One argument was not accepted.");
  assert.deepEqual(error.errors, errors);
});

for (const [what, body] of [
  ["HTML", "<h1>Bad gateway</h1>"],
  ["nothing", ""],
  ["null", "null"],
  ["a list", "[]"],
  ["errors that are no list", '{"errors": "x"}'],
]) {
  test(`a status with ${what} as its body is an error all the same`, async () => {
    server.onCall((request) => request.answer(body, { status: 502 }));
    const { error } = await outcome(mizanCall("rename"));
    assert.ok(error instanceof MizanError);
    assert.equal(error.status, 502);
    assert.equal(error.type, "about:blank");
    assert.equal(error.title, "HTTP 502");
    assert.equal(error.detail, undefined);
    assert.deepEqual(error.errors, []);
  });
}

test("no answer is status 0, with its cause", async () => {
  const cause = new TypeError("fetch failed");
  server.onCall((request) => request.cut(cause));
  server.routes.set("/api/mizan/ctx/lost/", (request) => request.cut(cause));
  for (const promise of [mizanCall("rename"), mizanFetch("lost")]) {
    const { error } = await outcome(promise);
    assert.ok(error instanceof MizanError);
    assert.equal(error.status, 0);
    assert.equal(error.type, "network");
    assert.equal(error.cause, cause);
  }
});

test("an answer that breaks off is status 0", async () => {
  server.routes.set("/api/mizan/ctx/cut/", (request) => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"half":'));
        controller.error(new TypeError("terminated"));
      },
    });
    request.resolve(new Response(stream));
  });
  const { error } = await outcome(mizanFetch("cut"));
  assert.ok(error instanceof MizanError);
  assert.equal(error.status, 0);
});

for (const [what, body] of [
  ["not JSON", "<!doctype html>"],
  ["empty", ""],
  ["a bare number", "5"],
  ["null", "null"],
]) {
  test(`a context whose answer is ${what} is an error`, async () => {
    server.routes.set("/api/mizan/ctx/odd/", (request) => request.answer(body));
    const { error } = await outcome(mizanFetch("odd"));
    assert.ok(error instanceof MizanError, String(error));
    assert.equal(error.status, 0);
  });
}

test("a header that cannot be read throws with the position", () => {
  assert.throws(
    () => parseInvalidateHeader("user;user_id="),
    (error) => error instanceof InvalidHeader && error.position === 13,
  );
});

for (const [what, member] of [
  ["an empty object", {}],
  ["null", null],
  ["a number", 5],
  ["a list", ["user"]],
  ["an object without context", { params: { user_id: 5 } }],
  ["a context that is no string", { context: 5 }],
  ["a context that is null", { context: null }],
  ["a name that is none", "us er"],
  ["an empty name", ""],
  ["an empty name with params", { context: "", params: { user_id: 5 } }],
  ["names in one string", "user,board"],
  ["params that are a string", { context: "user", params: "user_id" }],
  ["a param that is a list", { context: "user", params: { user_id: [5] } }],
  ["a number that is too large", { context: "user", params: { user_id: 1e21 } }],
  ["a lone surrogate", { context: "user", params: { name: "\ud800" } }],
]) {
  test(`invalidate refuses ${what}, and then invalidates nothing`, () => {
    const events = [];
    configure({ onEvent: (event) => events.push(event) });
    assert.throws(() => invalidate(["user", member]), InvalidKey);
    assert.deepEqual(events, []);
  });

  test(`formatInvalidateHeader refuses ${what}, and says which member it is`, () => {
    assert.throws(
      () => formatInvalidateHeader(["user", member]),
      (error) => error instanceof InvalidHeader && error.position === 1,
    );
  });

  test(`a call's answer that names ${what} invalidates everything`, async () => {
    const events = [];
    configure({ onEvent: (event) => events.push(event) });
    const text = JSON.stringify({ result: 1, invalidate: ["user", member] });
    server.onCall((request) => request.answer(text));
    assert.equal(await mizanCall("rename"), 1);
    assert.deepEqual(
      events
        .filter(({ type }) => type === "error" || type === "invalidate")
        .map(({ type }) => type),
      ["error", "invalidate"],
    );
    assert.match(events.find(({ type }) => type === "error").error.message, /1$/);
    assert.deepEqual(events.find(({ type }) => type === "invalidate").list, ["*"]);
  });
}

for (const [text, position] of [
  ["ä", 0],
  ['user;name="ä"', 11],
  ['user;name="a😀"', 12],
  ["user, \ud800", 6],
  ["user\u007f", 4],
]) {
  test(`a header with a letter beyond ASCII is wrong at that letter: ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => parseInvalidateHeader(text),
      (error) => error instanceof InvalidHeader && error.position === position,
    );
  });
}
