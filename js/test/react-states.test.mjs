// What a read hook says from the first load on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { invalidate } from "@mizan/runtime";
import { MizanError } from "@mizan/runtime/react";
import { createElement as h } from "react";
import { answerContext, define, fetches, mount, probe, server, settle, user } from "./react.mjs";

/** One reader of a member of the context, on the page. */
async function read(member = "version") {
  const { Provider, useMember, useBundle } = define(user, []);
  const Reader = probe(() => useMember(member));
  const Neighbour = probe(() => useMember("neighbour"));
  const All = probe(useBundle);
  const page = await mount(h(Provider, null, h(Reader), h(Neighbour), h(All)));
  return { ...page, Reader, Neighbour, All };
}

const flags = ({ status, data, isRefetching, isStale }) => [status, data, isRefetching, isStale];

test("a first load is pending, then there", async () => {
  server.held = true;
  const { Reader } = await read();
  assert.deepEqual(flags(Reader.states[0]), ["pending", undefined, false, true]);
  assert.deepEqual(flags(Reader.state), ["pending", undefined, false, true]);
  server.release();
  await settle();
  assert.deepEqual(flags(Reader.state), ["success", 0, false, false]);
  assert.equal(Reader.state.error, undefined);
});

test("a refetch shows the old value until the new one is there", async () => {
  const { Reader } = await read();
  server.held = true;
  server.version = 1;
  await settle(() => invalidate([user]));
  assert.deepEqual(flags(Reader.state), ["success", 0, true, true]);
  server.release();
  await settle();
  assert.deepEqual(flags(Reader.state), ["success", 1, false, false]);
});

test("a failed refetch leaves the old value beside its error, until one succeeds", async () => {
  const { Reader } = await read();
  answerContext(user, (request) => request.problem(500, { type: "urn:mizan:problem:internal" }));
  await settle(() => invalidate([user]));
  assert.deepEqual(flags(Reader.state), ["error", 0, false, true]);
  const { error } = Reader.state;
  assert.ok(error instanceof MizanError);
  assert.deepEqual([error.status, error.type], [500, "urn:mizan:problem:internal"]);
  assert.equal(fetches(user), 2, "it is not tried again by itself");

  server.routes.clear();
  server.held = true;
  await settle(() => invalidate([user]));
  assert.deepEqual(flags(Reader.state), ["error", 0, true, true]);
  assert.equal(Reader.state.error, error);
  server.release();
  await settle();
  assert.deepEqual(flags(Reader.state), ["success", 0, false, false]);
  assert.equal(Reader.state.error, undefined);
});

test("what is not found any more is not shown any more", async () => {
  const { Reader } = await read();
  answerContext(user, (request) => request.problem(404));
  await settle(() => invalidate([user]));
  assert.deepEqual(flags(Reader.state), ["gone", undefined, false, true]);
  assert.equal(Reader.state.error.status, 404);
});

test("a context that is gone says so to every hook of it, and comes back when the server has it again", async () => {
  const { Reader, Neighbour, All } = await read();
  for (const status of [404, 410]) {
    answerContext(user, (request) => request.problem(status));
    await settle(() => invalidate([user]));
    for (const { state } of [Reader, Neighbour, All]) {
      assert.deepEqual(flags(state), ["gone", undefined, false, true]);
      assert.equal(state.error.status, status);
    }
    server.held = true;
    await settle(() => invalidate([user]));
    assert.deepEqual(
      flags(Reader.state),
      ["gone", undefined, false, true],
      "until it has answered",
    );
    server.waiting.shift().problem(503);
    server.held = false;
    await settle();
    assert.deepEqual(flags(Reader.state), ["error", undefined, false, true]);
    server.routes.clear();
    await settle(() => invalidate([user]));
    assert.deepEqual(flags(Reader.state), ["success", 0, false, false]);
  }
});

test("a function called as what every object has is no member before it is there, and no error", async () => {
  const { Reader } = await read("constructor");
  assert.equal(Reader.state.data, undefined);
  answerContext(user, (request) => request.answer({ version: 1, $errors: {} }));
  await settle(() => invalidate([user]));
  assert.deepEqual(flags(Reader.state), ["success", undefined, false, false]);
  assert.equal(Reader.state.error, undefined);
});

test("a first load that fails has an error and no value, and can be tried again", async () => {
  answerContext(user, (request) => request.cut());
  const { Reader } = await read();
  assert.deepEqual(flags(Reader.state), ["error", undefined, false, true]);
  assert.deepEqual([Reader.state.error.status, Reader.state.error.type], [0, "network"]);
  server.routes.clear();
  await settle(() => Reader.state.refetch());
  assert.deepEqual(flags(Reader.state), ["success", 0, false, false]);
});

test("refetch asks although the value is fresh, and resolves with it on the page", async () => {
  const { Reader, container } = await read();
  server.version = 1;
  const { refetch } = Reader.state;
  assert.equal(await settle(refetch), undefined);
  assert.equal(fetches(user), 2);
  assert.equal(Reader.state.data, 1);
  assert.match(container.textContent, /^1/);
  assert.equal(
    Reader.state.refetch,
    refetch,
    "the same function, so that an effect may depend on it",
  );
});

test("refetch rejects with the error that its hook shows", async () => {
  const { Reader } = await read();
  answerContext(user, (request) => request.problem(503));
  let error;
  await settle(() =>
    Reader.state.refetch().catch((reason) => {
      error = reason;
    }),
  );
  assert.ok(error instanceof MizanError);
  assert.equal(Reader.state.error, error);
});

test("a member that failed alone fails its own hook and leaves its neighbours", async () => {
  const problem = {
    type: "urn:mizan:problem:forbidden",
    title: "Not yours",
    status: 403,
    detail: "Ask Ada.",
  };
  answerContext(user, (request) =>
    request.answer({ neighbour: [1], $errors: { version: problem } }),
  );
  const { Reader, Neighbour, All } = await read();
  assert.deepEqual(flags(Reader.state), ["error", undefined, false, false]);
  const { error } = Reader.state;
  assert.ok(error instanceof MizanError);
  assert.deepEqual(
    [error.status, error.type, error.title, error.detail],
    [403, problem.type, problem.title, problem.detail],
  );
  assert.deepEqual(flags(Neighbour.state), ["success", [1], false, false]);
  assert.equal(Neighbour.state.error, undefined);
  assert.equal(All.state.status, "success");

  // One problem is one error, as often as it is looked at.
  server.held = true;
  await settle(() => invalidate([user]));
  assert.equal(Reader.state.isRefetching, true);
  assert.equal(Reader.state.error, error);

  server.routes.clear();
  server.release();
  await settle();
  assert.deepEqual(flags(Reader.state), ["success", 0, false, false]);
  assert.equal(Reader.state.error, undefined);
});

test("when the whole answer fails, so does every hook, with one error", async () => {
  answerContext(user, (request) => request.problem(401));
  const { Reader, Neighbour, All } = await read();
  assert.equal(Reader.state.error.status, 401);
  assert.equal(Neighbour.state.error, Reader.state.error);
  assert.equal(All.state.error, Reader.state.error);
});

test("a member that the answer does not have is no failure", async () => {
  const { Neighbour } = await read();
  assert.deepEqual(flags(Neighbour.state), ["success", undefined, false, false]);
});

test("a refetch that fails and that nobody awaits is no unhandled rejection", async () => {
  const { All } = await read();
  answerContext(user, (request) => request.problem(500));
  const unhandled = [];
  const note = (error) => unhandled.push(error);
  process.on("unhandledRejection", note);
  await settle(() => {
    All.state.refetch();
  });
  process.off("unhandledRejection", note);
  assert.deepEqual(unhandled, []);
  assert.equal(All.state.error.status, 500);
});

test("a member that fails alone keeps its older value beside its error", async () => {
  const { Reader, Neighbour } = await read();
  const failed = { neighbour: 7, $errors: { version: { status: 500, title: "Broken" } } };
  answerContext(user, (request) => request.answer(failed));
  await settle(() => Reader.state.refetch());
  assert.deepEqual([Reader.state.data, Reader.state.error.status], [0, 500]);
  assert.deepEqual([Neighbour.state.data, Neighbour.state.error], [7, undefined]);
});

test("a member that is gone, or no longer for this one to see, is not kept", async () => {
  for (const status of [403, 404]) {
    const { Reader, unmount } = await read();
    answerContext(user, (request) => request.answer({ $errors: { version: { status } } }));
    await settle(() => Reader.state.refetch());
    assert.deepEqual([Reader.state.data, Reader.state.error.status], [undefined, status]);
    unmount();
    answerContext(user, (request) => request.answer({ version: 0 }));
  }
});
