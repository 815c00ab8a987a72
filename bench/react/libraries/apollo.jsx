// As in https://www.apollographql.com/docs/react/data/mutations#refetching-queries: the mutation names the
// query and its variables, since a name alone would refetch all 50.
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { ApolloProvider, useMutation, useQuery } from "@apollo/client/react";
import * as documents from "../documents.js";

const USER = gql(documents.USER);
const BOARD = gql(documents.BOARD);
const RENAME = gql(documents.RENAME);
const RETITLE = gql(documents.RETITLE);

const client = new ApolloClient({
  link: new HttpLink({ uri: "/graphql" }),
  cache: new InMemoryCache(),
});

export function Root({ children }) {
  return <ApolloProvider client={client}>{children}</ApolloProvider>;
}

export function User({ children }) {
  return children;
}

export function Board({ children }) {
  return children;
}

export function useProfile(user_id) {
  const { data } = useQuery(USER, { variables: { user_id } });
  return data?.user_profile;
}

export function useBoardTasks() {
  const { data } = useQuery(BOARD);
  return data?.board_tasks;
}

export function useRename(user_id) {
  const [rename, { loading }] = useMutation(RENAME, {
    refetchQueries: [{ query: USER, variables: { user_id } }],
    awaitRefetchQueries: true,
  });
  return [(variables) => rename({ variables }), loading];
}

export function useRetitle() {
  const [retitle, { loading }] = useMutation(RETITLE, {
    refetchQueries: [BOARD],
    awaitRefetchQueries: true,
  });
  return [(variables) => retitle({ variables }), loading];
}
