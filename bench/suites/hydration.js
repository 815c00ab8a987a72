// What a page came with: from its text until each entry has been read once. Once in each process or page,
// as in life.

export const valuesOf = (n) =>
  Array.from({ length: n }, (_, id) => ({
    item: { __typename: "Item", id, name: `Item ${id}`, version: 1 },
  }));

export async function hydration(library, n, { text, report }) {
  const hydrate = await library.hydration(text);
  const started = performance.now();
  const lookUp = hydrate();
  for (let id = 0; id < n; id++) {
    if (lookUp(id)?.item.id !== id) {
      throw new Error(`entry ${id} is not there`);
    }
  }
  const time = performance.now() - started;
  report("hydrate", "µs per entry", (time * 1000) / n);
}

export async function dehydration(library, n) {
  return library.dehydrate(valuesOf(n));
}
