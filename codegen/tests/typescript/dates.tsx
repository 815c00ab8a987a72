// What dates let through and what they do not: each `@ts-expect-error` is an error if the line below it
// compiles.
import * as dates from "../cases/dates/out/index.js";
import * as single from "../cases/dates_single/out/index.js";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(same: Same<A, B>): void;
declare const task: dates.Task;

export function reads(): void {
  same<typeof task.created, Date>(true);
  same<typeof task.done, Date | null>(true);
  same<typeof task.due, dates.DateString | null>(true);
  same<(typeof task.hours)[1], Date>(true);
  const { Ada: seen } = task.seen;
  same<typeof seen, Date | undefined>(true);
  task.parent?.parent?.subtasks[0]?.created.getTime();
  // @ts-expect-error a day has no zone, and so no moment
  task.due?.getTime();
  // @ts-expect-error a moment is no string
  task.created.length;
  same<dates.TaskData["changed"], Date | null>(true);
  same<dates.TaskData["history"], Date[]>(true);
  // What may be another string stays one.
  const when: dates.Loose["when"] = "soon";
  // @ts-expect-error it may be any text
  when.getTime();
  same<dates.Loose["state"], dates.DateTimeString | "open" | "done">(true);
  same<dates.Loose["many"], dates.DateTimeString[] | string[]>(true);
  same<dates.Loose["exact"], number | Date>(true);
  for (const event of dates.useEvents().data ?? []) {
    if (event.kind === "comment") same<typeof event.at, Date>(true);
    else same<typeof event.at, string>(true);
  }
  same<ReturnType<typeof dates.useTasksInfinite>["items"], readonly dates.Task[]>(true);
  same<dates.Schema["contexts"]["task"]["data"], dates.TaskData>(true);
  same<keyof single.Schema["contexts"], keyof dates.Schema["contexts"]>(true);
}

export async function args(): Promise<void> {
  const { task } = await dates.getTask({ task_id: 5, since: "2026-11-22T08:30:00Z" });
  // @ts-expect-error a key is made of text
  dates.prefetchTask({ task_id: 5, since: task.created });
  const move = dates.useMove({
    optimistic: ({ due }) => ({
      context: "task",
      update: { task: (task) => ({ ...task, done: due, created: new Date() }) },
    }),
  });
  const moved = await move.call({ task_id: 5, due: task.created, reminders: [new Date()] });
  same<typeof moved.created, Date>(true);
  // @ts-expect-error a moment is a date
  await move.call({ task_id: 5, due: "2026-11-22T08:30:00Z" });
  dates.useMove({
    // @ts-expect-error a patch is made of dates, too
    optimistic: () => ({ context: "task", update: { history: () => ["2026-11-22"] } }),
  });
  same<
    typeof dates.useTouch,
    (options?: Parameters<typeof dates.useTouch>[0]) => ReturnType<typeof dates.useTouch>
  >(true);
  same<ReturnType<typeof dates.useTouch>["data"], Date | undefined>(true);
  await dates.useCreate().call({ draft: { title: "", due: new Date() } });
  single.useTouch().data?.getTime();
}
