// https://redux-toolkit.js.org/rtk-query/usage/usage-without-react-hooks, usage/automated-refetching,
// usage/server-side-rendering (extractRehydrationInfo).
import { configureStore } from "@reduxjs/toolkit";
import { createApi, fetchBaseQuery } from "@reduxjs/toolkit/query";

const HYDRATE = "hydrate";
const TAGS = { item: "Item", list: "List" };

function create(fetch) {
  const query = (build, kind) =>
    build.query({
      query: (id) => `${kind}/?id=${id}`,
      providesTags: (_result, _error, id) => [{ type: TAGS[kind], id }],
    });
  const api = createApi({
    baseQuery: fetchBaseQuery({ baseUrl: "http://server.test/api/", fetchFn: fetch }),
    tagTypes: Object.values(TAGS),
    endpoints: (build) => ({ item: query(build, "item"), list: query(build, "list") }),
    extractRehydrationInfo: (action) => (action.type === HYDRATE ? action.payload : undefined),
  });
  const store = configureStore({
    reducer: { [api.reducerPath]: api.reducer },
    middleware: (defaults) => defaults().concat(api.middleware),
  });
  return { api, store };
}

export async function open(fetch) {
  const { api, store } = create(fetch);
  return {
    watch(kind, id, onValue) {
      const query = store.dispatch(api.endpoints[kind].initiate(id));
      const select = api.endpoints[kind].select(id);
      const read = () => select(store.getState()).data;
      let last;
      const leave = store.subscribe(() => {
        const data = read();
        if (data !== last) {
          last = data;
          onValue(data);
        }
      });
      return {
        read,
        refetch: () => query.refetch(),
        stop() {
          leave();
          query.unsubscribe();
        },
      };
    },
    lookUp: (kind, id) => api.endpoints[kind].select(id)(store.getState()).data,
    async request(kind, id) {
      const { data } = await store.dispatch(api.endpoints[kind].initiate(id, { subscribe: false }));
      return data;
    },
    invalidate: (kind, id) => store.dispatch(api.util.invalidateTags([{ type: TAGS[kind], id }])),
    invalidateAll: (kind) => store.dispatch(api.util.invalidateTags([TAGS[kind]])),
  };
}

export async function dehydrate(values) {
  const { api, store } = create();
  const entries = values.map((value, arg) => ({ endpointName: "item", arg, value }));
  store.dispatch(api.util.upsertQueryEntries(entries));
  return JSON.stringify(store.getState()[api.reducerPath]);
}

export async function hydration(text) {
  const { api, store } = create();
  return () => {
    store.dispatch({ type: HYDRATE, payload: JSON.parse(text) });
    return (id) => api.endpoints.item.select(id)(store.getState()).data;
  };
}
