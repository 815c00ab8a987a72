// https://www.apollographql.com/docs/react/api/core/ApolloClient (watchQuery), data/refetching
// (client.refetchQueries with updateCache, and include: "active"), performance/server-side-rendering (restore).
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { ITEM, LIST } from "./queries.js";

export const graphql = true;

const QUERIES = { item: gql(ITEM), list: gql(LIST) };
// caching/cache-field-behavior: which arguments tell results apart. Without, each write makes it look at
// every query of the field again.
const POLICIES = {
  Query: { fields: { item: { keyArgs: ["id"] }, rows: { keyArgs: ["id"] } } },
};
const TYPES = { item: "Item", list: "List" };

export async function open(fetch) {
  const client = new ApolloClient({
    cache: new InMemoryCache({ typePolicies: POLICIES }),
    link: new HttpLink({ uri: "http://server.test/graphql", fetch }),
  });
  return {
    watch(kind, id, onValue) {
      const query = client.watchQuery({ query: QUERIES[kind], variables: { id } });
      const subscription = query.subscribe(({ data }) => onValue(data));
      return {
        read: () => query.getCurrentResult().data,
        refetch: () => query.refetch(),
        stop: () => subscription.unsubscribe(),
      };
    },
    lookUp: (kind, id) => client.readQuery({ query: QUERIES[kind], variables: { id } }),
    async request(kind, id) {
      const { data } = await client.query({ query: QUERIES[kind], variables: { id } });
      return data;
    },
    invalidate: (kind, id) =>
      client.refetchQueries({
        updateCache(cache) {
          // By the entity. By field and arguments, it would refetch every query of that field.
          cache.evict({ id: cache.identify({ __typename: TYPES[kind], id }) });
        },
      }),
    invalidateAll: () => client.refetchQueries({ include: "active" }),
  };
}

export function dehydrate(values) {
  const state = { ROOT_QUERY: {} };
  // A cache for each few, because what a write costs grows with what is there.
  for (let from = 0; from < values.length; from += 100) {
    const cache = new InMemoryCache({ typePolicies: POLICIES });
    for (const [at, data] of values.slice(from, from + 100).entries()) {
      cache.writeQuery({ query: QUERIES.item, variables: { id: from + at }, data });
    }
    const { ROOT_QUERY, ...entities } = cache.extract();
    Object.assign(state, entities);
    Object.assign(state.ROOT_QUERY, ROOT_QUERY);
  }
  return JSON.stringify(state);
}

export async function hydration(text) {
  const cache = new InMemoryCache({ typePolicies: POLICIES });
  const client = new ApolloClient({ cache, link: new HttpLink({ uri: "http://server.test/" }) });
  return () => {
    cache.restore(JSON.parse(text));
    return (id) => client.readQuery({ query: QUERIES.item, variables: { id } });
  };
}
