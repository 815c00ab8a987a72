// Many small entries: populate, read, look up, invalidate, unsubscribe.
import { Server } from "../server.js";
import { samples, settle, until } from "../stopwatch.js";

const ROUNDS = 8;
const EQUAL = 1000;
/** How long the samples of one row may take together, in milliseconds; one is taken in any case. */
const BUDGET = 100;

export async function entries(library, n, { report }) {
  // What is measured first would be measured before the engine has compiled it.
  await visit(library, 100, 0, () => {});
  const begun = performance.now();
  for (let round = 1; round <= ROUNDS && performance.now() - begun < BUDGET * 8; round++) {
    await visit(library, n, round, report);
  }
}

async function visit(library, n, round, report) {
  const server = new Server();
  const client = await library.open(server.fetch, round);
  const deliveries = new Deliveries(server, n);

  // Populate.
  const filled = deliveries.all();
  let started = performance.now();
  const watchers = Array.from({ length: n }, (_, id) =>
    client.watch("item", id, (value) => deliveries.note(id, value)),
  );
  report("populate", "µs per entry", (((await filled) - started) * 1000) / n);
  check(server.requests === n, `${server.requests} requests for ${n} entries`);
  await settle();

  // Read what a subscriber has at hand.
  const order = shuffled(n);
  for (const [row, read] of [
    ["snapshot read", (id) => watchers[id].read()],
    ["look-up by name and params", (id) => client.lookUp("item", id)],
  ]) {
    let next = 0;
    let wrong = 0;
    const some = (count) => {
      for (let left = count; left; left--) {
        const id = order[next++ % n];
        wrong += read(id).item.id ^ id;
      }
    };
    // Each once, which brings them into the memory of the processor.
    some(n);
    const times = samples(BUDGET / 2, () => some(10));
    for (const time of times) {
      report(row, "ns", (time * 1e6) / 10);
    }
    check(wrong === 0, "other values were read");
  }

  // Invalidate one, several times one after the other.
  for (let spent = 0, next = 0; next < 50 && (spent < BUDGET || next < 20); next += 10) {
    const ids = order.slice(next, next + 10);
    const before = server.requests;
    started = performance.now();
    for (const id of ids) {
      server.change(id);
      const arrived = deliveries.one();
      client.invalidate("item", id);
      await arrived;
    }
    const took = performance.now() - started;
    spent += took;
    report("invalidate 1 of N", "µs", (took * 1000) / ids.length);
    await settle();
    check(
      server.requests - before === ids.length,
      `${server.requests - before} requests for ${ids.length} invalidations`,
    );
    for (const id of ids) {
      check(watchers[id].read().item.version === server.version(id), "an older value is read");
    }
  }

  // Invalidate all.
  for (let time = 0, count = 0; count < 2 && (time < BUDGET || count < 1); count++) {
    server.changeAll();
    const before = server.requests + (client.mutations ?? 0);
    const arrived = deliveries.all();
    started = performance.now();
    client.invalidateAll("item");
    const took = (await arrived) - started;
    time += took;
    report("invalidate all", "µs per entry", (took * 1000) / n);
    await settle();
    check(
      server.requests - before === n,
      `${server.requests - before} requests for ${n} invalidations`,
    );
  }

  // Equal requests.
  for (let count = 0; count < 2; count++) {
    const id = 1_000_000 + round * 10 + count;
    const before = server.requests;
    started = performance.now();
    const values = await Promise.all(
      Array.from({ length: EQUAL }, () => client.request("item", id)),
    );
    report("1,000 equal requests", "µs", (performance.now() - started) * 1000);
    check(server.requests - before === 1, `${server.requests - before} requests instead of 1`);
    check(
      values.every(({ item }) => item.id === id),
      "other values were answered",
    );
    await settle();
  }

  // Unsubscribe all.
  started = performance.now();
  for (const { stop } of watchers) {
    stop();
  }
  report("unsubscribe all", "µs per entry", ((performance.now() - started) * 1000) / n);
  await settle();
  const before = deliveries.count;
  server.changeAll();
  client.invalidateAll("item");
  await settle();
  check(deliveries.count === before, "a subscriber that has left was told something");
}

/** Counts the values that reach subscribers, and says when those that are expected are there. */
class Deliveries {
  count = 0;
  #server;
  #seen;
  #left = 0;
  #done;

  constructor(server, n) {
    this.#server = server;
    this.#seen = new Array(n).fill(0);
  }

  note(id, value) {
    this.count++;
    const version = value?.item?.version;
    if (version === this.#server.version(id) && this.#seen[id] !== version) {
      this.#seen[id] = version;
      if (--this.#left === 0) {
        this.#done(performance.now());
      }
    }
  }

  /** When each subscriber has its newest value. */
  all() {
    return this.#expect(this.#seen.length);
  }

  /** When one more has. */
  one() {
    return this.#expect(1);
  }

  #expect(count) {
    this.#left = count;
    return until(
      new Promise((resolve) => {
        this.#done = resolve;
      }),
      () => `${this.#left} of ${count} values were not delivered`,
    );
  }
}

/** The numbers below n in an order that no cache of the processor foresees, the same for every library. */
function shuffled(n) {
  const order = Array.from({ length: n }, (_, id) => id);
  let seed = 1;
  for (let at = n - 1; at > 0; at--) {
    seed = (seed * 48_271) % 2_147_483_647;
    const other = seed % (at + 1);
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}

function check(holds, message) {
  if (!holds) {
    throw new Error(message);
  }
}
