// One list, fetched again: what arriving bytes cost until their value can be read.
import { listBody, Server } from "../server.js";
import { settle } from "../stopwatch.js";

const LISTS = {
  1000: { rows: 7, width: 135 },
  100_000: { rows: 250, width: 395 },
  1_000_000: { rows: 2500, width: 395 },
};
export const SIZES = Object.keys(LISTS).map(Number);
/** How long the samples of one row may take together, in milliseconds. */
const BUDGET = 150;
const WARM = 3;

export async function bodies(library, size, { allocated, collected } = {}) {
  const list = LISTS[size];
  const body = (changes) => listBody(list, changes, library.graphql);
  const server = new Server();
  const client = await library.open(server.fetch);
  const rows = [];
  const add = (row, unit, samples) => rows.push({ row, n: size, unit, samples });
  let next = 1;

  /** A list that somebody has subscribed to, and its first value. */
  async function watch(bytes) {
    server.prepare(bytes);
    const watcher = client.watch("list", next++, () => {});
    await settle();
    return watcher;
  }

  /** How long each of several refetches takes, of bodies that `make` gives. */
  async function refetches(row, make, verify) {
    const watcher = await watch(body(() => 0));
    const samples = [];
    const bytes = [];
    const kept = [];
    let spent = 0;
    for (let count = -WARM; count < 16 && (spent < BUDGET || count < 3); count++) {
      server.prepare(make(count + WARM + 1));
      const before = watcher.read();
      const heap = allocated?.();
      const started = performance.now();
      await watcher.refetch();
      const time = performance.now() - started;
      const more = allocated?.() - heap;
      const value = watcher.read();
      verify(value, count + WARM + 1);
      if (count >= 0) {
        spent += time;
        samples.push(time * 1000);
        kept.push((100 * value.rows.filter((item, at) => item === before.rows[at]).length) / list.rows);
      }
      await settle();
      if (allocated && !collected(started, started + time)) {
        bytes.push(more / 1024);
      }
    }
    watcher.stop();
    if (allocated) {
      if (!bytes.length) {
        throw new Error("garbage was collected during each sample");
      }
      add(`${row}: allocated`, "KB", bytes);
    } else {
      add(row, "µs", samples);
      add(`${row}: references kept`, "%", kept);
    }
  }

  const title = (id, version) => `Task ${id}, version ${version}`;
  const expect = (value, id, version) => {
    if (value.rows.length !== list.rows || value.rows[id].title !== title(id, version)) {
      throw new Error(`row ${id} is ${JSON.stringify(value.rows[id]?.title)}, not of version ${version}`);
    }
  };

  const middle = list.rows >> 1;
  const constant = body(() => 0);
  await refetches("unchanged", () => constant, (value) => expect(value, middle, 0));
  await refetches(
    "one row changed",
    (version) => body((id) => (id === middle ? version : 0)),
    (value, version) => expect(value, middle, version),
  );
  await refetches(
    "all rows changed",
    (version) => body(() => version),
    (value, version) => expect(value, middle, version),
  );

  if (!allocated) {
    const samples = [];
    for (let count = -WARM, spent = 0; count < 16 && (spent < BUDGET || count < 3); count++) {
      server.prepare(constant);
      const started = performance.now();
      const value = await client.request("list", next++);
      const time = performance.now() - started;
      expect(value, middle, 0);
      await settle();
      if (count >= 0) {
        spent += time;
        samples.push(time * 1000);
      }
    }
    add("first load", "µs", samples);
  }
  return rows;
}

/** What of a first load no library can do without. */
export async function floor(_library, size) {
  const bytes = listBody(LISTS[size], () => 0);
  const decoder = new TextDecoder();
  const text = decoder.decode(bytes);
  const samples = { "first load: JSON.parse of the text": [], "first load: decode and JSON.parse": [] };
  for (let count = 0; count < 30; count++) {
    let started = performance.now();
    JSON.parse(text);
    const parse = performance.now() - started;
    started = performance.now();
    JSON.parse(decoder.decode(bytes));
    const both = performance.now() - started;
    if (count > WARM) {
      samples["first load: JSON.parse of the text"].push(parse * 1000);
      samples["first load: decode and JSON.parse"].push(both * 1000);
    }
    await settle();
  }
  return Object.entries(samples).map(([row, samples]) => ({ row, n: size, unit: "µs", samples }));
}
