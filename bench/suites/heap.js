// What an entry with a subscriber occupies, in a process that can collect garbage when told to.
import { Server } from "../server.js";

export async function heap(library, n, { occupied, report }) {
  const server = new Server();
  const client = await library.open(server.fetch, 0);
  const fill = (from, to) =>
    new Promise((resolve) => {
      let left = to - from;
      const seen = new Set();
      for (let id = from; id < to; id++) {
        client.watch("item", id, (value) => {
          if (value?.item && !seen.has(id)) {
            seen.add(id);
            if (--left === 0) {
              resolve();
            }
          }
        });
      }
    });
  await fill(0, 20);
  const before = await occupied();
  await fill(20, n + 20);
  const bytes = (await occupied()) - before;
  report("heap per entry", "bytes", bytes / n);
}
