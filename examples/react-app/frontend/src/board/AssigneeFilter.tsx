import { PersonOptions } from "../person/PersonOptions";
import { here, hrefWith, navigate, useRoute } from "../route";

export function AssigneeFilter() {
  const { assignee } = useRoute();
  return (
    <label className="inline-field">
      Assignee
      <select
        value={assignee ?? ""}
        onChange={({ target }) => {
          navigate(hrefWith(here(), "assignee", target.value ? Number(target.value) : undefined));
        }}
      >
        <option value="">Everybody</option>
        <PersonOptions />
      </select>
    </label>
  );
}
