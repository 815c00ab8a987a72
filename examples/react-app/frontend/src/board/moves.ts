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
