import { Suspense } from "react";
import {
  BoardProvider,
  useBoardColumnsSuspense,
  useProjectList,
  useProjectListSuspense,
} from "../mizan";
import { useMe } from "../people";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { useTitle } from "../ui/title";
import { AssigneeFilter } from "./AssigneeFilter";
import { BoardSkeleton } from "./BoardSkeleton";
import { Columns } from "./Columns";
import { Stats } from "./Stats";

interface Props {
  projectId: number | undefined;
  assignee: number | undefined;
}

export function BoardPage({ projectId, assignee }: Props) {
  return (
    <ErrorBoundary resetKey={`${projectId} ${assignee}`}>
      <Suspense fallback={<BoardSkeleton />}>
        {projectId === undefined ? (
          <FirstBoard assignee={assignee} />
        ) : (
          <BoardProvider project_id={projectId} assignee={assignee}>
            <Board projectId={projectId} filtered={assignee !== undefined} />
          </BoardProvider>
        )}
      </Suspense>
    </ErrorBoundary>
  );
}

/** Whoever names no project sees the first one. */
function FirstBoard({ assignee }: { assignee: number | undefined }) {
  const [first] = useProjectListSuspense();
  if (!first) return <p className="empty">There is no project yet.</p>;
  return (
    <BoardProvider project_id={first.id} assignee={assignee}>
      <Board projectId={first.id} filtered={assignee !== undefined} />
    </BoardProvider>
  );
}

function Board({ projectId, filtered }: { projectId: number; filtered: boolean }) {
  const columns = useBoardColumnsSuspense();
  const { data: project } = useProjectList((all) => all.find(({ id }) => id === projectId));
  const me = useMe();
  useTitle(project?.name);
  return (
    <>
      <div className="board-head">
        <div>
          <h1>{project?.name ?? "Board"}</h1>
          <p className="muted">{project?.summary}</p>
        </div>
        {me && (
          <a className="button button-primary" href={`/tasks/new/?project=${projectId}`}>
            New task
          </a>
        )}
      </div>
      <div className="board-tools">
        <Stats />
        <AssigneeFilter />
      </div>
      {me === null && <p className="hint">You are looking on. Log in to move tasks and comment.</p>}
      <Columns projectId={projectId} columns={columns} canEdit={!!me} filtered={filtered} />
    </>
  );
}
