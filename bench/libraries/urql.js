// https://nearform.com/open-source/urql/docs/basics/core and basics/document-caching: the document cache,
// which is its default. It invalidates by type, when a mutation answers; one query alone is asked again
// with the policy network-only. advanced/server-side-rendering (ssrExchange).
import { Client, cacheExchange, fetchExchange, gql, ssrExchange } from "@urql/core";
import { ITEM, LIST, TOUCH } from "./queries.js";

export const graphql = true;

const QUERIES = { item: gql(ITEM), list: gql(LIST) };
const MUTATION = gql(TOUCH);
const AGAIN = { requestPolicy: "network-only" };
const url = "http://server.test/graphql";

export async function open(fetch) {
  const client = new Client({
    url,
    fetch,
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
  });
  return {
    /** How many requests it makes beside those for what is invalidated. */
    mutations: 1,
    watch(kind, id, onValue) {
      const source = client.query(QUERIES[kind], { id });
      const { unsubscribe } = source.subscribe(({ data }) => onValue(data));
      return {
        read: () => client.readQuery(QUERIES[kind], { id }).data,
        refetch: () => client.query(QUERIES[kind], { id }, AGAIN).toPromise(),
        stop: unsubscribe,
      };
    },
    lookUp: (kind, id) => client.readQuery(QUERIES[kind], { id }).data,
    async request(kind, id) {
      return (await client.query(QUERIES[kind], { id }).toPromise()).data;
    },
    invalidate: (kind, id) => client.query(QUERIES[kind], { id }, AGAIN).toPromise(),
    invalidateAll: () => client.mutation(MUTATION, {}).toPromise(),
  };
}

export async function dehydrate(values) {
  const ssr = ssrExchange({ isClient: false });
  const fetch = async (_url, { body }) =>
    Response.json({ data: values[JSON.parse(body).variables.id] });
  // A client for each few, because what one query costs grows with how many there are.
  for (let from = 0; from < values.length; from += 100) {
    const exchanges = [cacheExchange, ssr, fetchExchange];
    const client = new Client({ url, fetch, preferGetMethod: false, exchanges });
    const some = values.slice(from, from + 100);
    await Promise.all(
      some.map((_, at) => client.query(QUERIES.item, { id: from + at }).toPromise()),
    );
  }
  return JSON.stringify(ssr.extractData());
}

export async function hydration(text) {
  const ssr = ssrExchange({ isClient: true });
  const client = new Client({ url, exchanges: [cacheExchange, ssr, fetchExchange] });
  return () => {
    ssr.restoreData(JSON.parse(text));
    return (id) => client.readQuery(QUERIES.item, { id }).data;
  };
}
