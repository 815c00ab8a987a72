import { usePeopleList } from "../mizan";
import { hrefWith, navigate } from "../route";

export function AssigneeFilter({ assignee }: { assignee: number | undefined }) {
  const { data: people } = usePeopleList();
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
        {people?.map((person) => (
          <option key={person.id} value={person.id}>
            {person.name}
          </option>
        ))}
      </select>
    </label>
  );
}
