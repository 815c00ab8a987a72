import { useState } from "react";
import type { MoveTaskArgs, TaskCard } from "../mizan";
import { usePerson } from "../people";
import { TaskLink } from "../task/TaskLink";
import { Avatar } from "../ui/Avatar";
import type { Move } from "./moves";

interface Props {
  card: TaskCard;
  /** Empty for those who may only look. */
  moves: Move[];
  landing: boolean;
  move(args: MoveTaskArgs): void;
  drag(dragging: boolean): void;
}

export function Card({ card, moves, landing, move, drag }: Props) {
  const [open, setOpen] = useState(false);
  const assignee = usePerson(card.assignee_id);
  const canMove = moves.length > 0;
  return (
    <li
      className={landing ? "card card-landing" : "card"}
      draggable={canMove}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", card.title);
        drag(true);
      }}
      onDragEnd={() => drag(false)}
    >
      <TaskLink className="card-title" id={card.id} draggable={false}>
        {card.title}
      </TaskLink>
      <div className="card-foot">
        <span className="card-person">
          <Avatar person={assignee} />
          <span>{card.assignee_id === null ? "Nobody" : (assignee?.name ?? "…")}</span>
        </span>
        {card.comment_count > 0 && (
          <span className="card-comments">
            <span className="bubble" aria-hidden="true" />
            {card.comment_count}
            <span className="visually-hidden"> comments</span>
          </span>
        )}
        {canMove && (
          <button
            type="button"
            id={`move-${card.id}`}
            className="icon-button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <span className="dots" aria-hidden="true" />
            <span className="visually-hidden">Move {card.title}</span>
          </button>
        )}
      </div>
      {open && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend to look at
        <div className="card-moves" role="group" aria-label={`Move ${card.title}`}>
          {moves.map(({ label, args }) => (
            <button
              key={label}
              type="button"
              className="button button-small"
              onClick={() => move(args)}
            >
              {label}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}
