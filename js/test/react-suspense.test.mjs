// Hooks that give the value itself: they suspend until it is there, and throw what keeps it away.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { configure, invalidate, MizanError } from "@mizan/runtime";
import { defineBundleSuspense, defineMemberSuspense } from "@mizan/runtime/react";
import { Component, createElement as h, Suspense, useState } from "react";
import { answerContext, define, fetches, mount, server, settle, user } from "./react.mjs";

let Provider;
let Value;
let renders;

beforeEach(() => {
  const defined = define(user, []);
  Provider = defined.Provider;
  renders = 0;
  Value = () => {
    const value = defineMemberSuspense(defined.context, "version")();
    renders++;
    return `version ${value}`;
  };
  Value.context = defined.context;
});

/** Shows the error that was thrown in it, until somebody asks to try again. */
class Boundary extends Component {
  state = {};
  static getDerivedStateFromError(error) {
    return { error };
  }
  render() {
    const { error } = this.state;
    this.props.boundary.error = error;
    this.props.boundary.retry = () => this.setState({ error: undefined });
    return error ? `failed ${error.status}` : this.props.children;
  }
}

/** React prints what a boundary has caught. */
function silence(t) {
  t.mock.method(console, "error", () => {});
}

/** Somebody asks to come back from the boundary. */
async function comeBack({ retry }) {
  document.body.click();
  await settle(retry);
}

const waiting = (...children) => h(Suspense, { fallback: "loading" }, ...children);

for (const [where, page] of [
  ["inside of the provider", () => h(Provider, null, waiting(h(Value)))],
  ["around the provider", () => waiting(h(Provider, null, h(Value)))],
]) {
  for (const strict of [false, true]) {
    test(`with a boundary ${where}${strict ? ", in StrictMode," : ""} a first load shows the fallback, then the value, with one fetch`, async () => {
      server.held = true;
      const { container } = await mount(page(), { strict });
      assert.equal(container.textContent, "loading");
      server.release();
      await settle();
      assert.equal(container.textContent, "version 0");
      assert.equal(fetches(user), 1);
    });
  }
}

test("a refetch shows the old value, not the fallback, and renders once when the new one is there", async () => {
  const { container } = await mount(h(Provider, null, waiting(h(Value))));
  server.held = true;
  server.version = 1;
  renders = 0;
  await settle(() => invalidate([user]));
  assert.equal(container.textContent, "version 0");
  assert.equal(renders, 0, "only the value is read");
  server.release();
  await settle();
  assert.equal(container.textContent, "version 1");
  assert.equal(renders, 1);
});

test("the page hears of a fetch when it is drawn, and may draw again for it", async (t) => {
  const complaints = t.mock.method(console, "error");
  let setHeard;
  const Log = () => {
    const [heard, set] = useState([]);
    setHeard = set;
    return heard.join();
  };
  configure({
    onEvent: ({ type }) =>
      (type === "fetch" || type === "settle") && setHeard?.((old) => [...old, type]),
  });
  t.after(() => configure({ onEvent: undefined }));
  const { container } = await mount(h(Provider, null, h(Log), " ", waiting(h(Value))));
  assert.equal(container.textContent, "fetch,settle version 0");
  assert.equal(complaints.mock.callCount(), 0);
});

test("the whole context can be waited for as well", async () => {
  const All = () => JSON.stringify(defineBundleSuspense(Value.context)());
  const { container } = await mount(h(Provider, null, waiting(h(All))));
  assert.equal(container.textContent, '{"version":0}');
});

for (const [where, page] of [
  ["inside of", (boundary) => h(Provider, null, h(Boundary, { boundary }, waiting(h(Value))))],
  ["around", (boundary) => h(Boundary, { boundary }, waiting(h(Provider, null, h(Value))))],
]) {
  test(`an error reaches the boundary ${where} the provider; its retry fetches again, as often as it takes`, async (t) => {
    silence(t);
    const boundary = {};
    answerContext(user, (request) => request.problem(500));
    const { container } = await mount(page(boundary));
    assert.equal(container.textContent, "failed 500");
    assert.ok(boundary.error instanceof MizanError);
    const asked = fetches(user);

    answerContext(user, (request) => request.problem(503));
    await comeBack(boundary);
    assert.equal(container.textContent, "failed 503");
    assert.equal(fetches(user), asked + 1);

    server.held = true;
    server.routes.clear();
    await comeBack(boundary);
    assert.equal(container.textContent, "loading");
    server.release();
    await settle();
    assert.equal(container.textContent, "version 0");
    assert.equal(fetches(user), asked + 2);
  });
}

test("a member that failed alone throws, and leaves its neighbours; what has not changed by a retry is thrown again", async (t) => {
  silence(t);
  const boundary = {};
  const problem = { type: "about:blank", title: "Not yours", status: 403 };
  answerContext(user, (request) => request.answer({ other: 1, $errors: { version: problem } }));
  const Other = () => `other ${defineMemberSuspense(Value.context, "other")()}`;
  const page = h(Provider, null, h(Boundary, { boundary }, waiting(h(Value))), waiting(h(Other)));
  const { container } = await mount(page);
  assert.equal(container.textContent, "failed 403other 1");
  await comeBack(boundary);
  assert.equal(container.textContent, "failed 403other 1");
  assert.equal(fetches(user), 2);
  server.routes.clear();
  answerContext(user, (request) => request.answer({ other: 1, version: 5 }));
  await comeBack(boundary);
  assert.equal(container.textContent, "version 5other 1");
});

test("an older value stays where a refetch has failed", async () => {
  const { container } = await mount(h(Provider, null, waiting(h(Value))));
  answerContext(user, (request) => request.problem(500));
  await settle(() => invalidate([user]));
  assert.equal(container.textContent, "version 0");
});

test("in a transition to other params the old screen stays until the new value is there", async () => {
  const { startTransition } = await import("react");
  const { Provider, context } = define(`${user}x`, ["id"]);
  const Own = ({ id }) => `${id}: ${defineMemberSuspense(context, "version")()}`;
  let go;
  const App = () => {
    const [id, setId] = useState(1);
    go = () => startTransition(() => setId(2));
    return waiting(h(Provider, { id }, h(Own, { id })));
  };
  const { container } = await mount(h(App));
  assert.equal(container.textContent, "1: 0");
  server.held = true;
  server.version = 1;
  await settle(go);
  assert.equal(container.textContent, "1: 0");
  server.release();
  await settle();
  assert.equal(container.textContent, "2: 1");
  assert.equal(fetches(`${user}x?id=2`), 1);
});
