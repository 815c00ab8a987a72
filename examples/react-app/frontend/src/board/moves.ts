import type { Column, MoveTaskArgs, TaskCard } from "../mizan";

/** A step that a card can take, as the arguments of the mutation. */
export interface Move {
  label: string;
  args: MoveTaskArgs;
}

/** What can be done with the card at `index` of a column: up, down, or to another column. */
export function movesOf(columns: Column[], column: Column, index: number): Move[] {
  const tasks = column.tasks;
  const card = tasks[index];
  if (!card) return [];
  const moves: Move[] = [];
  const above = tasks[index - 1];
  if (above) moves.push({ label: "Up", args: placed(card, column, above) });
  if (tasks[index + 1]) {
    moves.push({ label: "Down", args: placed(card, column, tasks[index + 2]) });
  }
  for (const other of columns) {
    if (other === column) continue;
    moves.push({ label: other.title, args: placed(card, other, other.tasks[0]) });
  }
  return moves;
}

/** In front of `before`, or at the column's end. */
export function placed(
  card: Pick<TaskCard, "id">,
  column: Column,
  before: TaskCard | undefined,
): MoveTaskArgs {
  return { task_id: card.id, status: column.status, before: before?.id ?? null };
}

/**
 * The columns after a move. Asked again for each newer value that comes before the answer, perhaps with the
 * move in it: so it says where the card is, not how far it went.
 */
export function moved(columns: Column[], { task_id, status, before }: MoveTaskArgs): Column[] {
  const card = columns.flatMap(({ tasks }) => tasks).find(({ id }) => id === task_id);
  if (!card) return columns;
  return columns.map((column) => {
    const others = column.tasks.filter((task) => task !== card);
    if (column.status === status) {
      const index = others.findIndex(({ id }) => id === before);
      others.splice(index < 0 ? others.length : index, 0, card);
    }
    return { ...column, tasks: others };
  });
}
