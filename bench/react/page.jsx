// The same page for every library: only the hooks differ.
import { memo, useLayoutEffect } from "react";
import { createRoot } from "react-dom/client";
import { CELLS, CELLS_OF_USER, TASKS, USERS } from "./sizes.js";

let missing = 0;
let complete;

/** What the page tells the benchmark. */
const record = {
  /** How often each component that shows data has rendered. */
  renders: { cells: new Uint32Array(CELLS), rows: new Uint32Array(TASKS) },
  /** When all that the page shows was in the DOM for the first time, since the navigation began. */
  content: new Promise((resolve) => {
    complete = resolve;
  }),
  click,
};
globalThis.record = record;

let awaited;

/** Clicks a button that writes `value`. Resolves with the milliseconds until `count` components show it. */
function click(button, value, count) {
  return new Promise((resolve) => {
    awaited = { value, count, resolve, start: performance.now() };
    document.getElementById(button).click();
  });
}

/** Called when a component has a new text in the DOM. */
function shown(text) {
  if (text !== undefined && --missing === 0) {
    complete(performance.now());
  }
  if (awaited && awaited.value === text && --awaited.count === 0) {
    awaited.resolve(performance.now() - awaited.start);
    awaited = undefined;
  }
}

const IDS = Array.from({ length: USERS }, (_, at) => at + 1);
const SLOTS = Array.from({ length: CELLS_OF_USER }, (_, at) => at);

function Users({ library }) {
  return IDS.map((user_id) => (
    <library.User key={user_id} user_id={user_id}>
      {SLOTS.map((slot) => (
        <Cell key={slot} library={library} user_id={user_id} slot={slot} />
      ))}
      <Rename library={library} user_id={user_id} />
    </library.User>
  ));
}

function Cell({ library, user_id, slot }) {
  record.renders.cells[(user_id - 1) * CELLS_OF_USER + slot]++;
  const name = library.useProfile(user_id)?.name;
  useLayoutEffect(() => shown(name), [name]);
  return <p>{name ?? "Loading…"}</p>;
}

function Rename({ library, user_id }) {
  const [rename, isPending] = library.useRename(user_id);
  return (
    <button
      id={`rename-${user_id}`}
      type="button"
      disabled={isPending}
      onClick={() => rename({ user_id, name: awaited.value })}
    >
      Rename
    </button>
  );
}

function Tasks({ library }) {
  const tasks = library.useBoardTasks();
  return (
    <>
      <ul>
        {tasks?.map((task, at) => (
          <Row key={task.id} task={task} at={at} />
        ))}
      </ul>
      <Retitle library={library} />
    </>
  );
}

const Row = memo(function Row({ task, at }) {
  record.renders.rows[at]++;
  useLayoutEffect(() => shown(task.title), [task.title]);
  return (
    <li>
      {task.title}, {task.state}, {task.estimate} h
    </li>
  );
});

function Retitle({ library }) {
  const [retitle, isPending] = library.useRetitle();
  const onClick = () =>
    retitle({ task_id: Number(awaited.value.split(" ")[1]), title: awaited.value });
  return (
    <button id="retitle" type="button" disabled={isPending} onClick={onClick}>
      Retitle
    </button>
  );
}

export function start(library) {
  const page = location.pathname.split("/").at(-1);
  missing = page === "users" ? CELLS : TASKS;
  createRoot(document.getElementById("root")).render(
    <library.Root>
      {page === "users" ? (
        <Users library={library} />
      ) : (
        <library.Board>
          <Tasks library={library} />
        </library.Board>
      )}
    </library.Root>,
  );
}
