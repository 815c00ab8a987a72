import { BoardProvider, useBoardColumns, useProjectList } from "../mizan";
import { useMe } from "../people";
import { ReadError } from "../ui/Notice";
import { Skeleton } from "../ui/Skeleton";
import { useTitle } from "../ui/title";
import { AssigneeFilter } from "./AssigneeFilter";
import { Columns } from "./Columns";
import { Stats } from "./Stats";

interface Props {
  projectId: number | undefined;
  assignee: number | undefined;
}

export function BoardPage({ projectId, assignee }: Props) {
  const projects = useProjectList();
  const me = useMe();
  const id = projectId ?? projects.data?.[0]?.id;
  const project = projects.data?.find((row) => row.id === id);
  useTitle(project?.name);
  if (id === undefined) {
    if (projects.data) return <p className="empty">There is no project yet.</p>;
    if (projects.error) return <ReadError error={projects.error} retry={projects.refetch} />;
    return <Skeleton lines={8} label="Loading the board" />;
  }
  return (
    <BoardProvider project_id={id} assignee={assignee}>
      <div className="board-head">
        <div>
          <h1>{project?.name ?? "Board"}</h1>
          <p className="muted">{project?.summary}</p>
        </div>
        {me && (
          <a className="button button-primary" href={`/tasks/new/?project=${id}`}>
            New task
          </a>
        )}
      </div>
      <div className="board-tools">
        <Stats />
        <AssigneeFilter assignee={assignee} />
      </div>
      {me === null && <p className="hint">You are looking on. Log in to move tasks and comment.</p>}
      <Board canEdit={!!me} filtered={assignee !== undefined} />
    </BoardProvider>
  );
}

function Board({ canEdit, filtered }: { canEdit: boolean; filtered: boolean }) {
  const columns = useBoardColumns();
  if (!columns.data) {
    if (columns.error) return <ReadError error={columns.error} retry={columns.refetch} />;
    return (
      <div className="columns">
        {["To do", "Doing", "Done"].map((title) => (
          <section key={title} className="column">
            <h2 className="column-title">{title}</h2>
            <Skeleton lines={6} label={`Loading ${title}`} />
          </section>
        ))}
      </div>
    );
  }
  return <Columns columns={columns.data} canEdit={canEdit} filtered={filtered} />;
}
