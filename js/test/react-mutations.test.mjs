// A mutation hook: from the call until what it changed is on the page.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { mizanFetch } from "@mizan/runtime";
import { defineMutation, MizanError } from "@mizan/runtime/react";
import { createElement as h, useLayoutEffect } from "react";
import { answerContext, define, fetches, mount, probe, server, settle, user } from "./react.mjs";
import { idle, outcome } from "./server.mjs";

let Rename;
let context;

beforeEach(() => {
  Rename = probe(defineMutation("rename", "1"));
  context = define(user, []);
});

const flags = ({ isPending, data, error }) => [isPending, data, error];
const IDLE = [false, undefined, undefined];

/** Calls, and lets everything happen that does not wait for the server. Gives back what will come. */
async function call(args) {
  let end;
  await settle(() => {
    end = outcome(Rename.state.call(args));
  });
  return { end };
}

/** From now on calls wait for the test to answer them. */
function hold() {
  const calls = [];
  server.onCall((request) => calls.push(request));
  return calls;
}

test("a call sends its arguments, and its result is what it resolves with and shows", async () => {
  server.onCall((request) => request.answer({ result: { name: "Ada" }, invalidate: [] }));
  await mount(h(Rename));
  assert.deepEqual(flags(Rename.state), IDLE);
  const result = await settle(() => Rename.state.call({ name: "Ada" }));
  assert.deepEqual(result, { name: "Ada" });
  assert.deepEqual(server.requests.at(-1).body, { function: "rename", args: { name: "Ada" } });
  assert.deepEqual(flags(Rename.state), [false, result, undefined]);
});

test("a mutation without arguments is called without", async () => {
  server.onCall((request) => request.answer({ result: null, invalidate: [] }));
  await mount(h(Rename));
  assert.equal(await settle(() => Rename.state.call()), null);
  assert.deepEqual(server.requests.at(-1).body, { function: "rename", args: {} });
  assert.deepEqual(flags(Rename.state), [false, null, undefined]);
});

test("it is pending until what it invalidated has been fetched again", async () => {
  const { Provider, useBundle } = context;
  const All = probe(useBundle);
  await mount(h(Provider, null, h(All), h(Rename)));
  const calls = hold();
  await call();
  assert.deepEqual(flags(Rename.state), [true, undefined, undefined]);
  assert.equal(All.state.isRefetching, false);

  server.held = true;
  server.version = 1;
  calls[0].answer({ result: 1, invalidate: [user] });
  await settle();
  assert.deepEqual(flags(Rename.state), [true, undefined, undefined], "answered, not shown");
  assert.equal(All.state.isRefetching, true);

  server.release();
  await settle();
  assert.deepEqual(flags(Rename.state), [false, 1, undefined]);
  assert.deepEqual(All.state.data, { version: 1 });
});

test("no commit shows a call that is done beside the value from before it", async () => {
  const commits = [];
  let page;
  const look = () => {
    const text = page?.container.textContent;
    if (text && text !== commits.at(-1)) {
      commits.push(text);
    }
  };
  let rename;
  const useRename = defineMutation("rename", "1");
  const Button = () => {
    rename = useRename();
    useLayoutEffect(look);
    return rename.isPending ? "pending " : "idle ";
  };
  const Version = () => {
    const { data } = context.useMember("version");
    useLayoutEffect(look);
    return `version ${data}`;
  };
  // A server takes its time: what is answered within one turn may be drawn at once.
  const later = (answer) => (request) => setTimeout(answer, 5, request);
  let version = 0;
  server.onCall(later((request) => request.answer({ result: ++version, invalidate: [user] })));
  answerContext(
    user,
    later((request) => request.answer({ version })),
  );
  // The button stands outside of the provider: nothing but time connects the two.
  page = await mount([h(Button, { key: 1 }), h(context.Provider, { key: 2 }, h(Version))]);
  await settle(() => mizanFetch(user));
  // As React schedules by itself: `act` would make one commit of what a user sees one by one.
  globalThis.IS_REACT_ACT_ENVIRONMENT = false;
  for (let round = 1; round <= 5; round++) {
    commits.length = 0;
    await rename.call();
    while (rename.isPending) {
      await idle();
    }
    await idle();
    assert.deepEqual(commits, [
      `pending version ${round - 1}`,
      `pending version ${round}`,
      `idle version ${round}`,
    ]);
  }
});

test("a refetch that fails ends it too: the call has succeeded", async () => {
  const { Provider, useMember } = context;
  const Version = probe(() => useMember("version"));
  await mount(h(Provider, null, h(Version), h(Rename)));
  answerContext(user, (request) => request.problem(500));
  server.onCall((request) => request.answer({ result: 1, invalidate: [user] }));
  await settle(() => Rename.state.call());
  assert.deepEqual(flags(Rename.state), [false, 1, undefined]);
  assert.deepEqual([Version.state.data, Version.state.error.status], [0, 500]);
});

test("of two calls that overlap, the later one is shown, whichever is answered first", async () => {
  await mount(h(Rename));
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const calls = hold();
    const outcomes = [];
    await settle(() => {
      outcomes.push(outcome(Rename.state.call({ name: "first" })));
      outcomes.push(outcome(Rename.state.call({ name: "second" })));
    });
    const names = calls.map(({ body }) => body.args.name);
    assert.deepEqual(names, ["first", "second"]);
    let shown = [true, undefined, undefined];
    for (const at of order) {
      calls[at].answer({ result: names[at], invalidate: [] });
      await settle();
      if (at === 1) {
        shown = [false, "second", undefined];
      }
      assert.deepEqual(flags(Rename.state), shown);
    }
    assert.deepEqual(
      (await Promise.all(outcomes)).map(({ value }) => value),
      names,
      "each call resolves with its own result",
    );
    await settle(() => Rename.state.reset());
  }
});

test("an earlier call that fails late does not show over a later one", async () => {
  await mount(h(Rename));
  const calls = hold();
  const first = await call({ name: "" });
  const second = await call({ name: "Ada" });
  calls[1].answer({ result: "Ada", invalidate: [] });
  calls[0].problem(422);
  await settle();
  assert.deepEqual(flags(Rename.state), [false, "Ada", undefined]);
  assert.equal((await first.end).error.status, 422);
  assert.equal((await second.end).value, "Ada");
});

test("a refused call rejects with the error that is shown, until it is reset", async () => {
  const errors = [{ loc: ["name"], msg: "Too short", type: "string_too_short" }];
  server.onCall((request) =>
    request.problem(422, { type: "urn:mizan:problem:invalid-arguments", errors }),
  );
  await mount(h(Rename));
  const { end } = await call({ name: "" });
  const { error } = await end;
  assert.ok(error instanceof MizanError);
  assert.deepEqual([error.status, error.errors], [422, errors]);
  assert.deepEqual(flags(Rename.state), [false, undefined, error]);
  await settle(() => Rename.state.reset());
  assert.deepEqual(flags(Rename.state), IDLE);
});

test("the next call forgets the error of the last one at once", async () => {
  server.onCall((request) => request.problem(500));
  await mount(h(Rename));
  await call();
  assert.equal(Rename.state.error.status, 500);
  const calls = hold();
  await call();
  assert.deepEqual(flags(Rename.state), [true, undefined, undefined]);
  calls[0].answer({ result: 1 });
  await settle();
  assert.deepEqual(flags(Rename.state), [false, 1, undefined]);
});

test("a refused call that nobody awaits is no unhandled rejection", async () => {
  const unhandled = [];
  const note = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  server.onCall((request) => request.problem(500));
  await mount(h(Rename));
  await settle(() => {
    Rename.state.call();
  });
  process.off("unhandledRejection", note);
  assert.equal(Rename.state.error.status, 500);
  assert.deepEqual(unhandled, []);
});

test("a reset while it runs leaves the call to end unseen", async () => {
  await mount(h(Rename));
  const calls = hold();
  const { end } = await call();
  await settle(() => Rename.state.reset());
  assert.deepEqual(flags(Rename.state), IDLE);
  calls[0].answer({ result: 1 });
  await settle();
  assert.deepEqual(flags(Rename.state), IDLE);
  assert.equal((await end).value, 1);
});

test("who is unmounted during a call has still called", async () => {
  const { Provider, useMember } = context;
  const Version = probe(() => useMember("version"));
  const { render } = await mount(h(Provider, null, h(Version), h(Rename)));
  const calls = hold();
  const { end } = await call();
  await render(h(Provider, null, h(Version)));
  const renders = Rename.states.length;
  server.version = 1;
  calls[0].answer({ result: 1, invalidate: [user] });
  await settle();
  assert.equal((await end).value, 1);
  assert.equal(Version.state.data, 1);
  assert.equal(fetches(user), 2);
  assert.equal(Rename.states.length, renders);
});

test("a call whose page goes away while its refetch runs ends", async () => {
  const { Provider } = context;
  const { unmount } = await mount(h(Provider, null, h(Rename)));
  server.onCall((request) => request.answer({ result: 1, invalidate: [user] }));
  answerContext(user, () => {});
  const { end } = await call();
  assert.equal(fetches(user), 2);
  unmount();
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal((await end).value, 1);
});

test("call and reset are the same functions in every render, in StrictMode too", async () => {
  server.onCall((request) => request.answer({ result: 1 }));
  await mount(h(Rename), { strict: true });
  const { call, reset } = Rename.state;
  const before = Rename.states.length;
  await settle(() => call());
  assert.ok(Rename.states.length > before);
  assert.deepEqual(flags(Rename.state), [false, 1, undefined]);
  assert.ok(Rename.states.slice(before).every((state) => state.call === call));
  assert.ok(Rename.states.slice(before).every((state) => state.reset === reset));
});
