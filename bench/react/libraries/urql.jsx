// As in https://nearform.com/open-source/urql/docs/basics/document-caching/: the document cache refetches
// every query with a type that is in the mutation's answer. So a change of one user refetches all 50.
import { Client, cacheExchange, fetchExchange, Provider, useMutation, useQuery } from "urql";
import { BOARD, RENAME, RETITLE, USER } from "../documents.js";

const client = new Client({ url: "/graphql", exchanges: [cacheExchange, fetchExchange] });

export function Root({ children }) {
  return <Provider value={client}>{children}</Provider>;
}

export function User({ children }) {
  return children;
}

export function Board({ children }) {
  return children;
}

export function useProfile(user_id) {
  const [{ data }] = useQuery({ query: USER, variables: { user_id } });
  return data?.user_profile;
}

export function useBoardTasks() {
  const [{ data }] = useQuery({ query: BOARD });
  return data?.board_tasks;
}

export function useRename() {
  const [{ fetching }, rename] = useMutation(RENAME);
  return [rename, fetching];
}

export function useRetitle() {
  const [{ fetching }, retitle] = useMutation(RETITLE);
  return [retitle, fetching];
}
