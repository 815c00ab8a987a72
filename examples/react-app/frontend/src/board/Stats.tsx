import { useBoardStats } from "../mizan";

/** How far the project is, as a bar and in words. */
export function Stats() {
  const { data, error } = useBoardStats();
  if (!data) return error ? null : <div className="stats skeleton-bar" />;
  const total = data.todo + data.doing + data.done;
  return (
    <div className="stats">
      <progress className="progress" max={Math.max(total, 1)} value={data.done} aria-label="Done" />
      <p>
        <strong>{data.done}</strong> of {total} done, <strong>{data.doing}</strong> in progress,{" "}
        <strong>{data.unassigned}</strong> without assignee
      </p>
    </div>
  );
}
