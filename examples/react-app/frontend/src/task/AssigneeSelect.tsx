import { type TaskDetail, useAssignTask } from "../mizan";
import { PersonOptions } from "../person/PersonOptions";
import { attempt } from "../ui/status";

export function AssigneeSelect({ task, canEdit }: { task: TaskDetail; canEdit: boolean }) {
  const assign = useAssignTask();
  return (
    <label className="inline-field">
      Assignee
      <select
        value={task.assignee_id ?? ""}
        disabled={!canEdit || assign.isPending}
        onChange={({ target }) => {
          const user_id = target.value ? Number(target.value) : null;
          void attempt(assign.call({ task_id: task.id, user_id }), "Assigned.");
        }}
      >
        <option value="">Nobody</option>
        <PersonOptions />
      </select>
    </label>
  );
}
