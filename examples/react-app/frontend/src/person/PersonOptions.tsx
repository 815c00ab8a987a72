import { usePeopleList } from "../mizan";

/** Everybody, as the options of a select whose values are ids. */
export function PersonOptions() {
  const { data: people } = usePeopleList();
  return people?.map((person) => (
    <option key={person.id} value={person.id}>
      {person.name}
    </option>
  ));
}
