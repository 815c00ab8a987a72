import { useBoardStatsSuspense } from "../mizan";

/** How far the project is, as a bar and in words. */
export function Stats() {
  const { todo, doing, done, unassigned } = useBoardStatsSuspense();
  const total = todo + doing + done;
  return (
    <div className="stats">
      <progress className="progress" max={Math.max(total, 1)} value={done} aria-label="Done" />
      <p>
        <strong>{done}</strong> of {total} done, <strong>{doing}</strong> in progress,{" "}
        <strong>{unassigned}</strong> without assignee
      </p>
    </div>
  );
}
