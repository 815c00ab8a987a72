// A page that React draws, for the tests of the React entry: jsdom, a root, and components that
// remember what a hook gave them. What a test mounts is unmounted after it, and nothing of it may have
// been worth a warning.
import assert from "node:assert/strict";
import { after, afterEach, beforeEach } from "node:test";
import { configure } from "@mizan/runtime";
import { defineBundle, defineContext, defineMember } from "@mizan/runtime/react";
import { JSDOM } from "jsdom";
import { act, createElement, StrictMode } from "react";
import { idle, Server } from "./server.mjs";

const { window } = new JSDOM("<!doctype html>", { url: "http://server.test/" });
Object.assign(globalThis, {
  window,
  document: window.document,
  location: window.location,
  addEventListener: window.addEventListener.bind(window),
});
// Newer versions of Node have one.
globalThis.navigator ??= window.navigator;

// Looks for a page when it is loaded.
const { createRoot, hydrateRoot } = await import("react-dom/client");

/** Of the present test: its server, and names of its own, since one machine lives as long as the module. */
export let server;
export let user;
export let board;

/** What was printed with `console.error`, which is how React warns. */
let warnings;
const print = console.error;
let unmounts;
let next = 0;

beforeEach(() => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  server = new Server();
  configure({ fetch: server.fetch, onEvent: () => {} });
  next++;
  user = `user${next}`;
  board = `board${next}`;
  warnings = [];
  unmounts = [];
  console.error = (...args) => warnings.push(args.map(String).join(" "));
});

afterEach(async () => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  for (const unmount of unmounts) {
    act(unmount);
  }
  await settle();
  console.error = print;
  assert.deepEqual(warnings, []);
});

// The runtime listens to the other tabs as long as the page is there.
after(() => window.dispatchEvent(new window.Event("pagehide")));

/** Does something, and lets everything happen that is not waiting for the server, on the page too. */
export function settle(action = () => {}) {
  return act(async () => {
    const result = action();
    await idle();
    return result;
  });
}

/** What an element shows on the page, drawn and settled. */
export async function mount(element, { strict = false } = {}) {
  const wrap = (element) => (strict ? createElement(StrictMode, null, element) : element);
  const container = document.body.appendChild(document.createElement("div"));
  const root = createRoot(container);
  const render = async (element) => {
    act(() => root.render(wrap(element)));
    await settle();
  };
  const unmount = () => root.unmount();
  unmounts.push(unmount, () => container.remove());
  await render(element);
  return { container, render, unmount: () => act(unmount) };
}

/** The page that a server has drawn, taken over. Gives back its container and React's complaints. */
export async function hydrate(html, element) {
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = html;
  const errors = [];
  let root;
  act(() => {
    root = hydrateRoot(container, element, { onRecoverableError: (error) => errors.push(error) });
  });
  unmounts.push(
    () => root.unmount(),
    () => container.remove(),
  );
  const first = container.innerHTML;
  await settle();
  return { container, first, errors };
}

/** A context, and its hooks as generated code has them. */
export function define(name, params) {
  const context = defineContext(name, params, "1", "AProvider");
  return {
    context,
    Provider: context.Provider,
    useMember: (member, select) => defineMember(context, member)(select),
    useBundle: defineBundle(context),
  };
}

/** A component that shows what a hook gives, and remembers it: `states` has one for each render. */
export function probe(useState) {
  function Probe() {
    const state = useState();
    Probe.states.push(state);
    return JSON.stringify(state.data ?? null);
  }
  Probe.states = [];
  Object.defineProperty(Probe, "state", { get: () => Probe.states.at(-1) });
  return Probe;
}

/** The answer to every request for a context. */
export function answerContext(name, answer) {
  server.routes.set(`/api/mizan/ctx/${name}/`, answer);
}

/** How often a key was asked for. */
export function fetches(key) {
  const [name, query] = key.split("?");
  return server.count(`/api/mizan/ctx/${name}/${query ? `?${query}` : ""}`);
}
