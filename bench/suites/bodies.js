// One list, fetched again: what arriving bytes cost until their value can be read.
import { listBody, Server } from "../server.js";
import { settle } from "../stopwatch.js";

/** The list of each size, and how many refetches one after the other are one sample. */
const LISTS = {
  1000: { rows: 7, width: 135, batch: 20 },
  100000: { rows: 250, width: 395, batch: 5 },
  1000000: { rows: 2500, width: 395, batch: 1 },
};
/** How long the samples of one row may take together, in milliseconds; a few are taken in any case. */
const BUDGET = 150;
const WARM = 3;
const MOST = 12;
const FEWEST = 3;

/** Each change of a list, as the version that its row `id` has in the body of a `round`. */
const CHANGES = {
  unchanged: () => 0,
  "one row changed": (round, id, middle) => (id === middle ? round : 0),
  "all rows changed": (round) => round,
};

export async function bodies(library, n, { report }) {
  const { refetches, loads } = await openList(library, n);
  for (const row of Object.keys(CHANGES)) {
    for await (const { time, kept } of refetches(row)) {
      report(row, "µs", time * 1000);
      report(`${row}: references kept`, "%", kept);
    }
  }
  for await (const { time } of loads()) {
    report("first load", "µs", time * 1000);
  }
}

/** The same, but what is counted are the bytes that it allocates. */
export async function allocations(library, n, { report, allocated, collected }) {
  const { refetches } = await openList(library, n);
  for (const row of Object.keys(CHANGES)) {
    for await (const { started, ended, probed } of refetches(row, allocated)) {
      if (!collected(started, ended)) {
        report(`${row}: allocated`, "KB", probed / 1024);
      }
    }
  }
}

/** What of a first load no library can do without. */
export async function floor(_library, n, { report }) {
  const bytes = listBody(LISTS[n], () => 0);
  const decoder = new TextDecoder();
  const text = decoder.decode(bytes);
  const { batch } = LISTS[n];
  for (const [row, work] of [
    ["JSON.parse of the text", () => JSON.parse(text)],
    ["decode and JSON.parse", () => JSON.parse(decoder.decode(bytes))],
  ]) {
    for (let count = -WARM; count < MOST; count++) {
      const started = performance.now();
      for (let left = batch; left; left--) {
        work();
      }
      const time = (performance.now() - started) / batch;
      if (count >= 0) {
        report(row, "µs", time * 1000);
      }
      await settle();
    }
  }
}

async function openList(library, n) {
  const list = LISTS[n];
  const middle = list.rows >> 1;
  const server = new Server();
  const client = await library.open(server.fetch);
  const load = client.load ?? client.request;
  let lists = 0;

  const bodyOf = (row, round) =>
    listBody(list, (id) => CHANGES[row](round, id, middle), library.graphql);

  function check({ rows }, row, round) {
    const { title } = rows[middle];
    const expected = `Task ${middle}, version ${CHANGES[row](round, middle, middle)}`;
    if (rows.length !== list.rows || title !== expected) {
      throw new Error(`${rows.length} rows, the middle one is "${title}", not "${expected}"`);
    }
  }

  /** Samples until there are enough of them. */
  async function* several(sample) {
    for (
      let count = -WARM, spent = 0;
      count < MOST && (spent < BUDGET || count < FEWEST);
      count++
    ) {
      const found = await sample(count + WARM);
      // What is left to do, and to collect, is not for the next one.
      await settle();
      if (count >= 0) {
        spent += found.time * list.batch;
        yield found;
      }
    }
  }

  return {
    /** Refetches of bodies that change as `row` says. `probe` is asked before and after. */
    async *refetches(row, probe = () => 0) {
      server.prepare(bodyOf(row, 0));
      const watcher = client.watch("list", ++lists, () => {});
      await settle();
      yield* several(async (sample) => {
        const rounds = Array.from({ length: list.batch }, (_, at) => sample * list.batch + at + 1);
        server.prepare(...rounds.map((round) => bodyOf(row, round)));
        let before;
        const probed = probe();
        const started = performance.now();
        for (let left = list.batch; left; left--) {
          before = watcher.read();
          await watcher.refetch();
        }
        const ended = performance.now();
        const more = probe() - probed;
        const value = watcher.read();
        check(value, row, rounds.at(-1));
        const kept = value.rows.filter((item, at) => item === before.rows[at]).length;
        return {
          started,
          ended,
          time: (ended - started) / list.batch,
          probed: more / list.batch,
          kept: (100 * kept) / list.rows,
        };
      });
      watcher.stop();
    },

    /** First loads: how long until the value is there, and in the cache. */
    loads: () =>
      several(async () => {
        const bodies = new Array(list.batch).fill(bodyOf("unchanged", 0));
        server.prepare(...bodies);
        let value;
        const started = performance.now();
        for (const _ of bodies) {
          value = await load("list", ++lists);
        }
        const time = (performance.now() - started) / list.batch;
        check(value, "unchanged", 0);
        return { time };
      }),
  };
}
