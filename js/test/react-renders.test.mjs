// How often who renders: 200 components that read 50 contexts. In StrictMode React calls a component twice
// for each render, and throws the first result away; its effects run once for what is then on the page. So
// both are counted: calls, and renders that came to the page. What is counted happens as on a real page,
// not in React's `act`, which would draw in one go what happens in it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { invalidate } from "@mizan/runtime";
import { defineMutation } from "@mizan/runtime/react";
import { createElement as h, memo, useEffect } from "react";
import { answerContext, define, fetches, mount, server, user } from "./react.mjs";
import { idle } from "./server.mjs";

const CONTEXTS = 50;
const READERS = 200;

let contexts;
/** What the server has for each. */
let names;
let tasks;

beforeEach(() => {
  contexts = Array.from({ length: CONTEXTS }, (_, at) => define(`${user}x${at}`, []));
  names = Array(CONTEXTS).fill("Ada");
  tasks = Array(CONTEXTS).fill(0);
  for (const [at, { context }] of contexts.entries()) {
    answerContext(context.name, (request) =>
      request.answer({ name: { first: names[at], last: "Lovelace" }, tasks: tasks[at] }),
    );
  }
});

/** The contexts around the element, the first one outermost. */
const provided = (element) =>
  contexts.reduceRight((children, { Provider }) => h(Provider, null, children), element);

/**
 * Draws the readers, each of which reads with `read(context, at)`, and gives what counts from then on:
 * `calls` and `renders` of each reader.
 */
async function open(read, strict) {
  const counts = { calls: Array(READERS).fill(0), renders: Array(READERS).fill(0) };
  const Reader = memo(function Reader({ at }) {
    const shown = read(contexts[at % CONTEXTS], at);
    counts.calls[at]++;
    useEffect(() => {
      counts.renders[at]++;
    });
    return h("p", null, JSON.stringify(shown ?? null));
  });
  const readers = Array.from({ length: READERS }, (_, at) => h(Reader, { at, key: at }));
  const { container } = await mount(provided(readers), { strict });
  const reset = () => {
    counts.calls.fill(0);
    counts.renders.fill(0);
  };
  const first = structuredClone(counts);
  reset();
  const texts = () => [...container.querySelectorAll("p")].map((p) => JSON.parse(p.textContent));
  return { counts, first, reset, texts };
}

async function settle(action) {
  globalThis.IS_REACT_ACT_ENVIRONMENT = false;
  const result = action();
  await idle();
  await result;
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
}

const sum = (counts) => counts.reduce((sum, count) => sum + count, 0);

/** Those that `isMeant` names have rendered as often as that, and nobody else. */
function assertRendered({ counts }, strict, isMeant, times = 1) {
  const renders = counts.renders.map((_, at) => (isMeant(at) ? times : 0));
  assert.deepEqual(counts.renders, renders);
  assert.deepEqual(
    counts.calls,
    renders.map((count) => count * (strict ? 2 : 1)),
  );
}

const own = (at) => at % CONTEXTS === 7;

for (const strict of [false, true]) {
  const mode = strict ? ", in StrictMode" : "";

  test(`first load: 400 renders of 200 components, with and without the value, and 50 requests${mode}`, async () => {
    const page = await open(({ useMember }) => useMember("name").data, strict);
    // StrictMode runs the effects of what was mounted once more.
    assert.deepEqual(page.first.renders, Array(READERS).fill(strict ? 3 : 2));
    assert.equal(sum(page.first.calls), strict ? 800 : 400);
    assert.equal(server.requests.length, CONTEXTS);
  });

  test(`1 of 50 contexts changes: 4 of 200 components render, once${mode}`, async () => {
    const page = await open(({ useMember }) => useMember("name").data, strict);
    names[7] = "Grace";
    await settle(() => invalidate([contexts[7].context.name]));
    assertRendered(page, strict, own);
    assert.equal(page.texts()[57].first, "Grace");
  });

  test(`1 of 2 members of 1 of 50 contexts changes: 2 of 200 components render, once${mode}`, async () => {
    const isTasks = (at) => at % (2 * CONTEXTS) < CONTEXTS;
    const read = ({ useMember }, at) => useMember(isTasks(at) ? "tasks" : "name").data;
    const page = await open(read, strict);
    tasks[7] = 1;
    await settle(() => invalidate([contexts[7].context.name]));
    assertRendered(page, strict, (at) => own(at) && isTasks(at));
    assert.equal(page.texts()[7], 1);
  });

  test(`1 of 50 contexts changes, but what is selected only for 2 of 4: 2 of 200 components render, once${mode}`, async () => {
    const isFirst = (at) => at % (2 * CONTEXTS) < CONTEXTS;
    const selects = [({ name }) => name.last, ({ name }) => name.first];
    const read = ({ useBundle }, at) => useBundle(selects[Number(isFirst(at))]).data;
    const page = await open(read, strict);
    names[7] = "Grace";
    await settle(() => invalidate([contexts[7].context.name]));
    assertRendered(page, strict, (at) => own(at) && isFirst(at));
    assert.deepEqual([page.texts()[7], page.texts()[57]], ["Grace", "Lovelace"]);
  });

  test(`1 of 50 contexts changes, with selections written in place: 2 of 200 components render, once${mode}`, async () => {
    const isFirst = (at) => at % (2 * CONTEXTS) < CONTEXTS;
    const read = ({ useMember }, at) =>
      useMember("name", (name) => (isFirst(at) ? name.first : name.last)).data;
    const page = await open(read, strict);
    names[7] = "Grace";
    await settle(() => invalidate([contexts[7].context.name]));
    assertRendered(page, strict, (at) => own(at) && isFirst(at));
  });

  test(`all 50 contexts are fetched again with the same bytes: 0 of 200 components render${mode}`, async () => {
    const page = await open(({ useBundle }) => useBundle().data, strict);
    await settle(() => invalidate(["*"]));
    assert.equal(server.requests.length, 2 * CONTEXTS);
    assertRendered(page, strict, () => false);
  });

  test(`all 50 contexts change: 200 of 200 components render, once${mode}`, async () => {
    const page = await open(({ useMember }) => useMember("name").data, strict);
    names.fill("Grace");
    await settle(() => invalidate(["*"]));
    assertRendered(page, strict, () => true);
  });

  test(`a refetch that is under way: 0 of 200 components render, or 4 where that is read, twice${mode}`, async () => {
    const page = await open(({ useMember }) => useMember("name").data, strict);
    server.held = true;
    await settle(() => invalidate([contexts[7].context.name]));
    assertRendered(page, strict, () => false);
    await settle(() => server.release());
    assertRendered(page, strict, () => false);

    const telling = await open(({ useMember }) => {
      const { data, isRefetching } = useMember("name");
      return { data, isRefetching };
    }, strict);
    server.held = true;
    await settle(() => invalidate([contexts[7].context.name]));
    assertRendered(telling, strict, own);
    await settle(() => server.release());
    assertRendered(telling, strict, own, 2);
  });

  test(`a call changes 1 of 50 contexts: 4 of 200 components render, once, and its own component twice${mode}`, async () => {
    const useRename = defineMutation("rename", "1");
    let call;
    let renders = 0;
    const Rename = memo(function Rename() {
      ({ call } = useRename());
      useEffect(() => {
        renders++;
      });
    });
    const page = await open(({ useMember }) => useMember("name").data, strict);
    await mount(h(Rename), { strict });
    renders = 0;
    const calls = [];
    server.onCall((request) => calls.push(request));
    await settle(() => void call({}));
    assertRendered(page, strict, () => false);
    names[7] = "Grace";
    await settle(() => calls[0].answer({ result: null, invalidate: [contexts[7].context.name] }));
    assertRendered(page, strict, own);
    assert.equal(renders, 2, "pending, and done");
    assert.equal(fetches(contexts[7].context.name), 2);
    assert.equal(server.paths.filter((path) => path.includes("/ctx/")).length, CONTEXTS + 1);
  });

  test(`a call that is shown before its answer: 4 of 200 components render once, and not again when the server agrees${mode}`, async () => {
    const useRename = defineMutation("rename", "1");
    const { name: context } = contexts[7].context;
    let call;
    const Rename = () => {
      ({ call } = useRename({
        optimistic: () => ({ context, update: { tasks: () => 5 } }),
      }));
    };
    const page = await open(({ useMember }) => useMember("tasks").data, strict);
    await mount(h(Rename), { strict });
    const calls = [];
    server.onCall((request) => calls.push(request));
    await settle(() => void call({}));
    assert.equal(page.texts()[57], 5);
    assertRendered(page, strict, own);
    tasks[7] = 5;
    await settle(() => calls[0].answer({ result: null, invalidate: [context] }));
    assert.equal(fetches(context), 2);
    assertRendered(page, strict, own);
  });
}
