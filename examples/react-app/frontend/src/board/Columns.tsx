import { type DragEvent, useState } from "react";
import { type Column, type MoveTaskArgs, useMoveTask } from "../mizan";
import { attempt } from "../ui/status";
import { Card } from "./Card";
import { moved, movesOf, placed } from "./moves";

interface Props {
  projectId: number;
  columns: Column[];
  canEdit: boolean;
  filtered: boolean;
}

/** Where a dragged card would land: before the card at `index`. */
interface Target {
  status: Column["status"];
  index: number;
}

export function Columns({ projectId, columns, canEdit, filtered }: Props) {
  const moveTask = useMoveTask({
    optimistic: (args) => ({
      context: "board",
      params: { project_id: projectId },
      update: { board_columns: (shown) => moved(shown, args) },
    }),
    scope: "moves", // In the order in which they were made.
  });
  const [dragged, setDragged] = useState<number>();
  const [target, setTarget] = useState<Target>();

  const move = async (args: MoveTaskArgs, focus: boolean) => {
    const to = columns.find((column) => column.status === args.status);
    const answer = attempt(moveTask.call(args), `Moved to ${to?.title ?? args.status}.`);
    if (!focus) return;
    // The card is another element in another column: the keyboard goes with it, there and back.
    focusMoveButton(args.task_id);
    if (!(await answer)) focusMoveButton(args.task_id);
  };

  const drop = (column: Column, index: number) => {
    setTarget(undefined);
    setDragged(undefined);
    const card = columns.flatMap(({ tasks }) => tasks).find(({ id }) => id === dragged);
    const before = column.tasks[index];
    if (card && before?.id !== card.id) void move(placed(card, column, before), false);
  };

  return (
    <div className="columns">
      {columns.map((column) => (
        <section key={column.status} className={`column column-${column.status}`}>
          <h2 className="column-title" id={`column-${column.status}`}>
            {column.title} <span className="badge">{column.tasks.length}</span>
          </h2>
          <ol
            className="cards"
            aria-labelledby={`column-${column.status}`}
            onDragOver={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              setTarget({ status: column.status, index: indexAt(event) });
            }}
            onDrop={(event) => {
              event.preventDefault();
              drop(column, indexAt(event));
            }}
          >
            {column.tasks.length === 0 && (
              <li className="empty">{filtered ? "Nothing here for them." : "Nothing here."}</li>
            )}
            {column.tasks.map((card, index) => (
              <Card
                key={card.id}
                card={card}
                moves={canEdit ? movesOf(columns, column, index) : []}
                landing={target?.status === column.status && target.index === index}
                move={(args) => void move(args, true)}
                drag={(dragging) => {
                  setDragged(dragging ? card.id : undefined);
                  if (!dragging) setTarget(undefined);
                }}
              />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

/** The index of the first card whose middle is below the pointer. */
function indexAt(event: DragEvent<HTMLOListElement>): number {
  const cards = [...event.currentTarget.querySelectorAll(".card")];
  const index = cards.findIndex((card) => {
    const { top, height } = card.getBoundingClientRect();
    return event.clientY < top + height / 2;
  });
  return index === -1 ? cards.length : index;
}

function focusMoveButton(taskId: number): void {
  requestAnimationFrame(() => document.getElementById(`move-${taskId}`)?.focus());
}
