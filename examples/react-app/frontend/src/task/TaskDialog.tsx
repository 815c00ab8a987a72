import { useEffect, useRef } from "react";
import { CommentsProvider, TaskProvider, useTaskDetail } from "../mizan";
import { useMe } from "../people";
import { here, hrefWith, navigate } from "../route";
import { day } from "../ui/dates";
import { ReadError } from "../ui/Notice";
import { Skeleton } from "../ui/Skeleton";
import { StatusLine } from "../ui/StatusLine";
import { AssigneeSelect } from "./AssigneeSelect";
import { CommentForm } from "./CommentForm";
import { Comments } from "./Comments";

const close = () => navigate(hrefWith(here(), "task", undefined));

const STATUS = { todo: "To do", doing: "Doing", done: "Done" };

/** Open while the address says `?task=…`. */
export function TaskDialog({ taskId }: { taskId: number }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const me = useMe();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby="task-title"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div className="dialog-body">
        <TaskProvider task_id={taskId}>
          <TaskHead />
        </TaskProvider>
        {me && <CommentForm taskId={taskId} />}
        {me === null && <p className="hint">Log in to comment.</p>}
        <CommentsProvider task_id={taskId}>
          <Comments />
        </CommentsProvider>
      </div>
      {/* What lies outside of a modal dialog is inert, a live region too. */}
      <StatusLine />
    </dialog>
  );
}

function TaskHead() {
  const task = useTaskDetail();
  const me = useMe();
  return (
    <header className="stack">
      <div className="row row-spread">
        <h2 id="task-title">{task.data?.title ?? "Task"}</h2>
        <button type="button" className="icon-button" onClick={close}>
          <span aria-hidden="true">×</span>
          <span className="visually-hidden">Close</span>
        </button>
      </div>
      {!task.data && task.error && <ReadError error={task.error} retry={task.refetch} />}
      {!task.data && !task.error && <Skeleton lines={2} label="Loading the task" />}
      {task.data && (
        <div className="row">
          <span className={`pill pill-${task.data.status}`}>{STATUS[task.data.status]}</span>
          <AssigneeSelect task={task.data} canEdit={!!me} />
          <span className="muted">Created {day(task.data.created_at)}</span>
        </div>
      )}
    </header>
  );
}
