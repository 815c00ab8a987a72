// Generated code whose moments are dates (codegen/tests/cases/dates): the server's strings, as the page sees them.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { invalidate, registerContext, replaceDates, reviveDates } from "@mizan/runtime";
import { defineMutation, MizanServer, withMutationDates } from "@mizan/runtime/react";
import { build } from "esbuild";
import { createElement as h, Suspense } from "react";
import { renderToString } from "react-dom/server";
import { answerContext, fetches, hydrate, mount, probe, server, settle } from "./react.mjs";
import { outcome } from "./server.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const outfile = `${root}target/dates-${process.pid}.mjs`;
await build({
  entryPoints: [`${root}codegen/tests/cases/dates/out/index.ts`],
  external: ["@mizan/*"],
  bundle: true,
  format: "esm",
  logLevel: "warning",
  outfile,
});
const mizan = await import(outfile);
rmSync(outfile);

const MORNING = "2026-11-22T08:30:00.123456Z";
const NOON = "2026-11-22T12:00:00Z";
const DAY = "2026-11-22";

/** Calls wait for the test to answer them. */
function hold() {
  const calls = [];
  server.onCall((request) => calls.push(request));
  return calls;
}

/** What the server has of a task. */
const taskOf = (id, more = {}) => ({
  id,
  title: NOON,
  created: MORNING,
  due: DAY,
  done: null,
  parent: null,
  subtasks: [],
  seen: {},
  hours: [MORNING, NOON],
  author: { id: 1, name: "Ada" },
  ...more,
});

let next = 0;
/** Of the present test: a task that no other one has asked for. */
let id;
/** Its context, as the server has it. */
let bundle;

beforeEach(() => {
  id = ++next;
  bundle = { task: taskOf(id), events: [], changed: null, history: [], title: "Bridge" };
  answerContext("task", (request) => request.answer(bundle));
});

const inTask = (...children) => h(mizan.TaskProvider, { task_id: id }, ...children);
const changed = () => settle(() => invalidate([{ context: "task", params: { task_id: id } }]));
const isMoment = (value, text) => {
  assert.ok(value instanceof Date, `${value}`);
  assert.equal(value.getTime(), Date.parse(text));
};

test("moments are dates wherever they stand, and other strings stay strings", async () => {
  const inner = taskOf(7, { done: NOON, seen: { Ada: NOON, constructor: NOON } });
  bundle.task = JSON.parse(
    JSON.stringify(
      taskOf(id, { parent: inner, subtasks: [inner], "first reminder": NOON }),
    ).replace("{", `{"__proto__":"${NOON}",`),
  );
  bundle.events = [
    { kind: "comment", at: NOON, text: NOON },
    { kind: "mail", at: NOON },
    { kind: "constructor", at: NOON },
  ];
  bundle.changed = NOON;
  bundle.history = [MORNING, NOON];
  const Reader = probe(mizan.useTaskBundle);
  await mount(inTask(h(Reader)));
  const { task, events, changed, history } = Reader.state.data;
  for (const each of [task, task.parent, task.subtasks[0]]) {
    isMoment(each.created, MORNING);
    isMoment(each.hours[0], MORNING);
    isMoment(each.hours[1], NOON);
    assert.ok(Array.isArray(each.hours));
    assert.deepEqual([each.title, each.due], [NOON, DAY]);
  }
  isMoment(task["first reminder"], NOON);
  isMoment(Object.getOwnPropertyDescriptor(task, "__proto__").value, NOON);
  assert.equal(Object.getPrototypeOf(task), Object.prototype);
  assert.equal(task.done, null);
  isMoment(task.parent.done, NOON);
  isMoment(task.parent.seen.Ada, NOON);
  isMoment(task.parent.seen.constructor, NOON);
  isMoment(events[0].at, NOON);
  assert.deepEqual([events[0].text, events[1].at, events[2].at], [NOON, NOON, NOON]);
  isMoment(changed, NOON);
  isMoment(history[1], NOON);
});

test("a string that may be something else stays a string", async () => {
  const loose = {
    when: NOON,
    state: "open",
    never: "never",
    many: [NOON],
    uuid: NOON,
    exact: NOON,
  };
  answerContext("loose", (request) => request.answer({ loose, days: { day: DAY, moment: NOON } }));
  const { loose: read, days } = await mizan.getLoose();
  isMoment(read.exact, NOON);
  assert.deepEqual({ ...read, exact: NOON }, loose);
  assert.equal(days.day, DAY);
  isMoment(days.moment, NOON);
});

test("members of a union that only some have dates in are all read", async () => {
  const work = [
    { at: NOON, by: { id: 1, name: "Ada" } },
    { at: MORNING, reason: NOON },
  ];
  answerContext("tasks", (request) =>
    request.answer({ tasks: { items: [], next_cursor: null }, work }),
  );
  const { work: read } = await mizan.getTasks({ cursor: "work" });
  isMoment(read[0].at, NOON);
  isMoment(read[1].at, MORNING);
  assert.equal(read[1].reason, NOON);
});

test("what stays the same is the same object, and nothing renders", async () => {
  const comment = (at) => ({ kind: "comment", at, text: "" });
  bundle.events = [comment(MORNING), comment(MORNING)];
  const Reader = probe(mizan.useEvents);
  const Other = probe(mizan.useTask);
  await mount(inTask(h(Reader), h(Other)));
  const { data: before } = Reader.state;
  const renders = [Reader.states.length, Other.states.length];
  await changed();
  assert.equal(Reader.state.data, before);
  assert.deepEqual([Reader.states.length, Other.states.length], renders);

  bundle.events = [comment(MORNING), comment(NOON)];
  await changed();
  const { data: after } = Reader.state;
  assert.equal(after[0], before[0]);
  isMoment(after[1].at, NOON);
  assert.deepEqual([Reader.states.length, Other.states.length], [renders[0] + 1, renders[1]]);
});

test("a function gives the same dates as a hook, a selection and a hook that suspends", async () => {
  const Reader = probe(mizan.useTask);
  const Year = probe(() => mizan.useTask(({ created }) => created.getUTCFullYear()));
  const Suspending = probe(() => ({ data: mizan.useTaskSuspense() }));
  const Whole = probe(() => ({ data: mizan.useTaskBundleSuspense() }));
  const page = h(Suspense, { fallback: "loading" }, h(Suspending), h(Whole));
  await mount(inTask(h(Reader), h(Year), page));
  const { task } = await mizan.getTask({ task_id: id });
  isMoment(task.created, MORNING);
  assert.equal(Reader.state.data, task);
  assert.equal(Suspending.state.data, task);
  assert.equal(Whole.state.data.task, task);
  assert.equal(Year.state.data, 2026);
  assert.equal(fetches(mizan.taskKey({ task_id: id })), 1);
  await settle(() => Reader.state.refetch());
  assert.equal(Reader.state.data, task);
});

test("nobody else sees dates: the cache holds what the server has sent", async () => {
  const Reader = probe(mizan.useTask);
  await mount(inTask(h(Reader)));
  const { data } = registerContext("task", { task_id: id }).getSnapshot();
  assert.deepEqual(data, bundle);
});

test("a patch is made of dates and with dates, and what it leaves alone stays the same", async () => {
  bundle.task.subtasks = [taskOf(7), taskOf(8)];
  const Reader = probe(mizan.useTask);
  const Other = probe(mizan.useHistory);
  const seen = [];
  const done = new Date("2026-11-23T09:00:00.000Z");
  const Move = probe(() =>
    mizan.useMove({
      optimistic: () => ({
        context: "task",
        params: { task_id: id },
        update: {
          task: (task) => {
            seen.push(task.created);
            const [first, last] = task.subtasks;
            return { ...task, due: null, done, subtasks: [first, { ...last, done }] };
          },
          history: (history) => [...history, done],
        },
      }),
    }),
  );
  await mount(inTask(h(Reader), h(Other), h(Move)));
  const { data: before } = Reader.state;
  const calls = hold();
  let end;
  await settle(() => {
    end = outcome(Move.state.call({ task_id: id, due: done }));
  });
  isMoment(seen[0], MORNING);
  const { data: shown } = Reader.state;
  isMoment(shown.done, done.toISOString());
  isMoment(shown.created, MORNING);
  assert.equal(shown.subtasks[0], before.subtasks[0]);
  isMoment(shown.subtasks[1].done, done.toISOString());
  isMoment(Other.state.data[0], done.toISOString());
  const { data: held } = registerContext("task", { task_id: id }).getSnapshot();
  assert.equal(held.task.created, MORNING, "as the server has written it");
  assert.equal(held.task.done, "2026-11-23T09:00:00.000Z");
  assert.deepEqual(calls[0].body.args, { task_id: id, due: "2026-11-23T09:00:00.000Z" });

  await settle(() => calls[0].problem(409));
  assert.equal((await end).error.status, 409);
  assert.equal(Reader.state.data, before);
});

test("a patch of a context without dates is as ever", async () => {
  answerContext("people", (request) => request.answer({ people: [{ id: 1, name: "Ada" }] }));
  const Reader = probe(mizan.usePeople);
  const add = (people) => [...people, { id: 2, name: NOON }];
  const Rename = probe(() =>
    mizan.useRename({ optimistic: () => ({ context: "people", update: { people: add } }) }),
  );
  await mount(h(mizan.PeopleProvider, null, h(Reader), h(Rename)));
  const calls = hold();
  await settle(() => void outcome(Rename.state.call({ id: 2, name: "" })));
  assert.deepEqual(Reader.state.data.at(-1), { id: 2, name: NOON });
  await settle(() => calls[0].problem(409));
  assert.deepEqual(Reader.state.data, [{ id: 1, name: "Ada" }]);
});

test("a patch of a context whose hooks are not there is not called with strings for dates", async () => {
  answerContext("unknown", (request) => request.answer({ at: NOON }));
  const registration = registerContext("unknown");
  const leave = registration.subscribe(() => {});
  const given = [];
  const update = (at) => given.push(at);
  const useCall = withMutationDates(defineMutation("touch", "1"));
  const Touch = probe(() =>
    useCall({ optimistic: () => ({ context: "unknown", update: { at: update } }) }),
  );
  await mount(h(Touch));
  const calls = hold();
  await settle(() => void outcome(Touch.state.call()));
  assert.deepEqual(given, []);
  assert.deepEqual(registration.getSnapshot().data, { at: NOON });
  await settle(() => calls[0].problem(409));
  leave();
});

test("a mutation resolves with dates, shows them, and tells of them", async () => {
  const told = [];
  const Move = probe(() => mizan.useMove({ onSuccess: (task) => told.push(task) }));
  await mount(h(Move));
  server.onCall((request) => request.answer({ result: taskOf(id), invalidate: [] }));
  const { call } = Move.state;
  const task = await settle(() => call({ task_id: id, due: null }));
  isMoment(task.created, MORNING);
  assert.equal(Move.state.data, task);
  assert.deepEqual(told, [task]);
  assert.equal(told[0], task);
  assert.equal(Move.state.call, call, "as long as the component is there");
  await settle(() => Move.state.reset());
  assert.equal(Move.state.data, undefined);

  server.onCall((request) => request.problem(500));
  // Nobody looks at what it rejects with.
  await settle(() => void call({ task_id: id, due: null }));
  assert.equal(Move.state.error.status, 500);
});

test("a result that is a date is one, and the same one in each render", async () => {
  const Touch = probe(mizan.useTouch);
  const Create = probe(mizan.useCreate);
  const { render } = await mount(h("div", null, h(Touch), h(Create)));
  server.onCall((request) => request.answer({ result: NOON, invalidate: [] }));
  isMoment(await settle(() => Touch.state.call()), NOON);
  const { data } = Touch.state;
  await render(h("div", null, h(Touch), h(Create)));
  assert.equal(Touch.state.data, data);
  server.onCall((request) => request.answer({ result: { a: taskOf(1) }, invalidate: [] }));
  const created = await settle(() => Create.state.call({ draft: { title: "" } }));
  isMoment(created.a.created, MORNING);
});

test("the items of every page have dates", async () => {
  answerContext("tasks", (request) => {
    const last = request.path.includes("cursor");
    const items = [taskOf(last ? 2 : 1)];
    request.answer({ tasks: { items, next_cursor: last ? null : "1" }, work: [] });
  });
  const Rows = probe(() => ({ ...mizan.useTasksInfinite() }));
  await mount(h(mizan.TasksProvider, null, h(Rows)));
  await settle(() => Rows.state.fetchNextPage());
  assert.deepEqual(
    Rows.state.items.map((task) => task.id),
    [1, 2],
  );
  for (const { created } of Rows.state.items) {
    isMoment(created, MORNING);
  }
});

test("a page that a server has drawn is taken over with its dates, in one render", async () => {
  const data = { contexts: [{ context: "task", params: { task_id: id }, data: bundle }] };
  const Reader = probe(mizan.useTask);
  const Year = () => h("p", null, mizan.useTaskSuspense().created.getUTCFullYear());
  const page = h(MizanServer, { data }, inTask(h(Reader), h(Year)));
  const { document } = globalThis;
  delete globalThis.document;
  const html = renderToString(page);
  globalThis.document = document;
  assert.match(html, /<p>2026<\/p>/);
  Reader.states.length = 0;
  const { first, errors } = await hydrate(html, page);
  assert.match(first, /<p>2026<\/p>/);
  assert.deepEqual(errors, []);
  assert.equal(Reader.states.length, 1);
  isMoment(Reader.state.data.created, MORNING);
  assert.equal(fetches(mizan.taskKey({ task_id: id })), 0);
});

test("a server component may hand over what a function has given it, dates and all", async () => {
  const given = reviveDates(bundle, { members: { task: { members: { created: "date" } } } });
  const data = { contexts: [{ context: "task", params: { task_id: id }, data: given }] };
  const Reader = probe(mizan.useTask);
  await mount(h(MizanServer, { data }, inTask(h(Reader))));
  assert.equal(Reader.state.data.created, given.task.created);
  isMoment(Reader.state.data.hours[0], MORNING);
  bundle.title = "Tunnel";
  await changed();
  isMoment(Reader.state.data.created, MORNING);
});

test("what was made of a value becomes that value again", () => {
  const dates = { members: { rows: { each: { members: { at: "date" } } }, at: "date" } };
  const value = { rows: [{ at: MORNING }, { at: null }], at: NOON, name: "Ada" };
  const revived = reviveDates(value, dates);
  assert.equal(revived.rows[1], value.rows[1], "nothing in it is a date");
  assert.equal(reviveDates(value, dates), revived);
  assert.equal(replaceDates(revived), value);
  const next = replaceDates({ ...revived, name: "Grace" });
  assert.deepEqual(next, { ...value, name: "Grace" });
  assert.equal(next.rows, value.rows);
  assert.equal(replaceDates(revived.rows[0].at), MORNING);
  assert.equal(replaceDates(new Date(Number.NaN)), null, "as JSON has it");
  const plain = { rows: [{ at: null }] };
  assert.equal(reviveDates(plain, dates), plain);
  assert.equal(replaceDates(plain), plain);
});
