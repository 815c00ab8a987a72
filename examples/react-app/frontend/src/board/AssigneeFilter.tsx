import { PersonOptions } from "../person/PersonOptions";
import { hrefWith, navigate } from "../route";

export function AssigneeFilter({ assignee }: { assignee: number | undefined }) {
  return (
    <label className="inline-field">
      Assignee
      <select
        value={assignee ?? ""}
        onChange={({ target }) => {
          navigate(hrefWith("assignee", target.value ? Number(target.value) : undefined));
        }}
      >
        <option value="">Everybody</option>
        <PersonOptions />
      </select>
    </label>
  );
}
