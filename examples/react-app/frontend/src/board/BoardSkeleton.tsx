import { Skeleton } from "../ui/Skeleton";

/** The shape of a board before its data is there. */
export function BoardSkeleton() {
  return (
    <>
      <div className="board-head">
        <h1 className="skeleton-bar skeleton-title">
          <span className="visually-hidden">Loading the board</span>
        </h1>
      </div>
      <div className="board-tools">
        <span className="skeleton-bar stats" />
      </div>
      <div className="columns">
        {["To do", "Doing", "Done"].map((title) => (
          <section key={title} className="column">
            <h2 className="column-title">{title}</h2>
            <Skeleton lines={6} label={`Loading ${title}`} />
          </section>
        ))}
      </div>
    </>
  );
}
