// README.md, DESIGN.md of this repository. Its cache is one per module, so each round has a context of its own.

export async function open(fetch, round = 0) {
  const { configure, invalidate, mizanFetch, registerContext } = await import("@mizan/runtime");
  configure({ fetch, cache: true, baseUrl: "http://server.test/api/" });
  const nameOf = (kind) => `${kind}${round}`;
  return {
    watch(kind, id, onValue) {
      const registration = registerContext(nameOf(kind), { id });
      const stop = registration.subscribe(() => onValue(registration.getSnapshot().data));
      return {
        read: () => registration.getSnapshot().data,
        refetch: () => registration.refetch(),
        stop,
      };
    },
    lookUp: (kind, id) => registerContext(nameOf(kind), { id }).getSnapshot().data,
    request: (kind, id) => mizanFetch(nameOf(kind), { id }),
    invalidate: (kind, id) => invalidate([{ context: nameOf(kind), params: { id } }]),
    invalidateAll: (kind) => invalidate([nameOf(kind)]),
  };
}

export function dehydrate(values) {
  return JSON.stringify({
    contexts: values.map((data, id) => ({ context: "item", params: { id }, data })),
  });
}

/** It reads the page's script by itself, when it is first used. */
export async function hydration(text) {
  const script = (selector) =>
    selector === "script#__MIZAN_SSR_DATA__" ? { textContent: text } : null;
  if (globalThis.document) {
    document.querySelector = script;
  } else {
    const page = new EventTarget();
    globalThis.document = Object.assign(page, {
      cookie: "",
      baseURI: "http://server.test/",
      querySelector: script,
    });
    globalThis.addEventListener = () => {};
    globalThis.location = new URL(document.baseURI);
  }
  const { contextKey, registerContext } = await import("@mizan/runtime");
  contextKey("item");
  return () => (id) => registerContext("item", { id }).getSnapshot().data;
}
