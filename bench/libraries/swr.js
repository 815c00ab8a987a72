// https://swr.vercel.app/docs/mutation, docs/arguments, docs/prefetching, docs/advanced/cache. It is used through its hook
// alone: here the hook itself runs, but not React around it (hook.js), which would be slower.
import useSWR, { preload, unstable_serialize } from "swr";
import { initCache } from "swr/_internal";
import { mount } from "./hook.js";

export async function open(fetch) {
  const [cache, mutate] = initCache(new Map());
  const fetcher = async ([kind, id]) =>
    (await fetch(`http://server.test/api/${kind}/?id=${id}`)).json();
  const config = { cache, mutate, fetcher, fallback: {} };
  const watch = (kind, id, onValue) => {
    const key = [kind, id];
    let last;
    const mounted = mount(config, () => {
      const { data } = useSWR(key);
      if (data !== last) {
        last = data;
        onValue(data);
      }
    });
    return {
      read: () => mounted.getSnapshot().data,
      refetch: () => mutate(key),
      stop: mounted.unmount,
    };
  };
  return {
    watch,
    lookUp: (kind, id) => cache.get(unstable_serialize([kind, id]))?.data,
    request: (kind, id) => preload([kind, id], fetcher),
    /** What is preloaded is in the cache only when a hook has used it. */
    load: (kind, id) =>
      new Promise((resolve) => watch(kind, id, (value) => value && resolve(value))),
    invalidate: (kind, id) => mutate([kind, id]),
    invalidateAll: (kind) => mutate((key) => Array.isArray(key) && key[0] === kind),
  };
}

export function dehydrate(values) {
  const pairs = values.map((value, id) => [unstable_serialize(["item", id]), value]);
  return JSON.stringify(Object.fromEntries(pairs));
}

/** A fallback is looked up by the hook, each time. */
export async function hydration(text) {
  return () => {
    const fallback = JSON.parse(text);
    return (id) => fallback[unstable_serialize(["item", id])];
  };
}
