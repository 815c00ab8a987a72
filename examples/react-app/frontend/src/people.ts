import { type Person, useCurrentPerson, usePeopleList } from "./mizan";

/** The person with this id, once the team is known. */
export function usePerson(id: number | null | undefined): Person | undefined {
  const { data } = usePeopleList();
  return data?.find((person) => person.id === id);
}

/** Who is logged in: undefined while unknown, null for nobody. */
export function useMe(): Person | null | undefined {
  return useCurrentPerson().data;
}
