// https://tanstack.com/query/latest/docs/reference/QueryObserver, docs/framework/react/guides/query-keys,
// guides/query-invalidation, guides/ssr (dehydrate, hydrate).
import {
  dehydrate as dehydrateClient,
  hydrate,
  QueryClient,
  QueryObserver,
} from "@tanstack/query-core";

export async function open(fetch) {
  const client = new QueryClient();
  client.mount();
  const options = (kind, id) => ({
    queryKey: [kind, id],
    queryFn: async () => (await fetch(`http://server.test/api/${kind}/?id=${id}`)).json(),
  });
  return {
    watch(kind, id, onValue) {
      const observer = new QueryObserver(client, options(kind, id));
      const stop = observer.subscribe(({ data }) => onValue(data));
      return {
        read: () => observer.getCurrentResult().data,
        refetch: () => observer.refetch(),
        stop,
      };
    },
    lookUp: (kind, id) => client.getQueryData([kind, id]),
    request: (kind, id) => client.fetchQuery(options(kind, id)),
    invalidate: (kind, id) => client.invalidateQueries({ queryKey: [kind, id], exact: true }),
    invalidateAll: (kind) => client.invalidateQueries({ queryKey: [kind] }),
  };
}

export function dehydrate(values) {
  const client = new QueryClient();
  for (const [id, value] of values.entries()) {
    client.setQueryData(["item", id], value);
  }
  return JSON.stringify(dehydrateClient(client));
}

export async function hydration(text) {
  const client = new QueryClient();
  return () => {
    hydrate(client, JSON.parse(text));
    return (id) => client.getQueryData(["item", id]);
  };
}
