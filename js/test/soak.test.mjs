// Ten minutes of two tabs with 1,000 contexts, as fast as they go: the clock is the test's own, and so is
// the server, whose answers are late, lost or errors by the throw of seeded dice. Both tabs are the real
// package, and talk through the real BroadcastChannel. Of its own process, because the clock is everybody's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");

const SEED = Number(process.env.SEED ?? 1);
const MINUTES = 10;
const CONTEXTS = 1000;
/** One thing happens every so many milliseconds, on average. */
const PACE = 60;
/** How many of them a tab shows at once. */
const SHOWN = 150;
const CHECKS = 60;
/** What the heap may differ by: what is shown, and which errors are, differs from moment to moment. */
const SLACK = 1.5e6;

/** What gives numbers below a limit, the same ones for each seed (mulberry32). */
function dice(seed) {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
// What the pages do is the same for each seed. What the network does to a request depends on which come
// before it, and that is up to the channel between the tabs, which is real.
const below = dice(SEED);
const fate = dice(~SEED);
const percent = (chance) => below(100) < chance;

// The clock.

const START = 1_000_000;
let now = START;
let lastTimer = 0;
const timers = new Map();
Date.now = () => now;
globalThis.setTimeout = (callback, delay = 0) => {
  timers.set(++lastTimer, { callback, at: now + delay });
  return lastTimer;
};
globalThis.clearTimeout = (number) => timers.delete(number);

/** Lets time pass, and the timers go off that come due in it, each at its time. */
async function advance(duration) {
  const end = now + duration;
  for (;;) {
    let [due, next] = [undefined, { at: end + 1 }];
    for (const [number, timer] of timers) {
      if (timer.at < next.at) {
        [due, next] = [number, timer];
      }
    }
    if (due === undefined) {
      break;
    }
    timers.delete(due);
    now = Math.max(now, next.at);
    next.callback();
    await turns(1);
  }
  now = end;
}

async function turns(count) {
  for (let turn = 0; turn < count; turn++) {
    await new Promise(setImmediate);
  }
}

// The browser, as far as Node has none.

const page = new EventTarget();
const cookies = new Map();
globalThis.document = Object.defineProperty(
  Object.assign(new EventTarget(), {
    hidden: false,
    baseURI: "http://server.test/",
    querySelector: () => null,
  }),
  "cookie",
  { get: () => [...cookies].map((cookie) => cookie.join("=")).join("; ") },
);
globalThis.location = new URL("http://server.test/");
globalThis.addEventListener = page.addEventListener.bind(page);
const browser = { onLine: true };
Object.defineProperty(globalThis, "navigator", { configurable: true, value: browser });

const memories = [];
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...args) {
    super(...args);
    memories.push(this.exports.memory);
  }
};

// The server.

const versions = new Array(CONTEXTS).fill(0);
let user = "ada";
let underWay = 0;
let served = 0;
let nonce = 0;
const LOST = new TypeError("fetch failed");
/** While false, nothing gets lost. */
let rough = true;

const json = (body, status, headers) =>
  new Response(JSON.stringify(body), {
    status,
    headers: {
      "Content-Type": status < 400 ? "application/json" : "application/problem+json",
      "X-Mizan-Identity": user,
      ...headers,
    },
  });

/** What the server answers now; whatever it changes, it changes now. */
function answer(url, init) {
  const { pathname, searchParams } = new URL(url, location.href);
  if (pathname.includes("/ctx/")) {
    const id = Number(searchParams.get("id"));
    return rough && fate(100) < 2
      ? json({ title: "Busy" }, 503)
      : json({ value: { id, version: versions[id], user } }, 200);
  }
  if (pathname.endsWith("/session/")) {
    return json({ identity: user, csrf: "token" }, 200);
  }
  const { function: name, args } = JSON.parse(init.body);
  if (rough && fate(100) < 3) {
    return json({ title: "Refused" }, 422);
  }
  if (name === "log_in") {
    user = args.user;
    return json({ result: null, invalidate: [] }, 200);
  }
  const { id, how } = args;
  versions[id]++;
  const header = { "X-Mizan-Invalidate": `${contextOf(id)};id=${id}` };
  const list = [{ context: contextOf(id), params: { id } }];
  switch (how) {
    case "body":
      return json({ result: null, invalidate: list }, 200);
    case "header":
      return json({ result: null }, 200, header);
    case "both":
      return json({ result: null, invalidate: list }, 200, header);
    default: {
      const name = `mizan_inv_${++nonce}`;
      cookies.set(name, encodeURIComponent(header["X-Mizan-Invalidate"]));
      setTimeout(() => cookies.delete(name), 10_000);
      return Object.defineProperty(json({}, 200), "redirected", { value: true });
    }
  }
}

/** The network: the answer comes late, or never. */
function transport(url, init = {}, reliable = false) {
  return new Promise((resolve, reject) => {
    init.signal?.throwIfAborted();
    init.signal?.addEventListener("abort", () => reject(init.signal.reason));
    const lost = () => reject(LOST);
    if (!browser.onLine) {
      lost();
      return;
    }
    underWay++;
    served++;
    const later = (callback) =>
      setTimeout(() => {
        underWay--;
        callback();
      }, 1 + fate(400));
    if (rough && !reliable && fate(100) < 1) {
      later(lost); // before it has reached the server
      return;
    }
    const response = answer(url, init);
    const luck = rough && !reliable ? fate(100) : 100;
    if (luck === 0) {
      later(lost);
    } else if (luck === 1) {
      later(() => resolve(new Response("Bad gateway", { status: 502 })));
    } else {
      later(() => resolve(response));
    }
  });
}

// The page's own requests go through the native fetch, which the runtime looks at. What becomes of one
// that is lost is the page's business, so none is.
globalThis.fetch = (url, init) => transport(url, init, true);

const contextOf = (id) => `context${id % 10}`;

class Tab {
  subscriptions = new Map();
  /** Promises that have not settled. */
  open = new Set();
  invalidations = 0;

  constructor(runtime) {
    this.runtime = runtime;
    runtime.configure({
      fetch: (url, init) => transport(url, init),
      onEvent: ({ type }) => {
        this.invalidations += Number(type === "invalidate");
      },
    });
  }

  wait(promise) {
    this.open.add(promise);
    const settled = () => this.open.delete(promise);
    promise.then(settled, settled);
  }

  /** One thing that a page does, or that happens to it. */
  step() {
    const { mizanCall, mizanFetch, registerContext, invalidate } = this.runtime;
    const id = below(CONTEXTS);
    const chance = below(1000);
    if (chance < 400) {
      if (!this.subscriptions.has(id)) {
        const registration = registerContext(contextOf(id), { id });
        this.subscriptions.set(id, { registration, leave: registration.subscribe(() => {}) });
      }
      if (this.subscriptions.size > SHOWN) {
        const [[oldest, { leave }]] = this.subscriptions;
        leave();
        this.subscriptions.delete(oldest);
      }
    } else if (chance < 600) {
      const how = ["body", "header", "both"][below(3)];
      const awaitRefetch = percent(50);
      const signal = percent(2) ? impatient() : undefined;
      this.wait(mizanCall("write", { id, how }, { awaitRefetch, ...(signal && { signal }) }));
    } else if (chance < 700) {
      const signal = percent(20) ? impatient() : undefined;
      this.wait(mizanFetch(contextOf(id), { id }, signal && { signal }));
    } else if (chance < 850) {
      const how = percent(50) ? "header" : "redirect";
      const body = JSON.stringify({ function: "write", args: { id, how } });
      this.wait(fetch("/page/", { method: "POST", body }));
    } else if (chance < 880) {
      invalidate([percent(90) ? { context: contextOf(id), params: { id } } : contextOf(id)]);
    } else if (chance < 883) {
      this.wait(mizanCall("log_in", { user: ["ada", "bob"][below(2)] }));
    } else if (chance < 920) {
      for (const [other, { registration }] of this.subscriptions) {
        if (other % 50 === id % 50) {
          this.wait(registration.refetch());
        }
      }
    } else if (chance < 922) {
      browser.onLine = !browser.onLine;
      page.dispatchEvent(new Event(browser.onLine ? "online" : "offline"));
    } else if (chance < 926) {
      document.hidden = !document.hidden;
      document.dispatchEvent(new Event("visibilitychange"));
    }
  }

  /** Ids whose value is shown as fresh and is not, or belongs to somebody else. */
  lies() {
    return [...this.subscriptions].flatMap(([id, { registration }]) => {
      const { data, isStale } = registration.getSnapshot();
      const true_ = data?.value.version === versions[id] && data?.value.user === user;
      return data && !isStale && !true_ ? [{ id, version: versions[id], user, ...data.value }] : [];
    });
  }

  /** Ids that are not known, fresh and without error. */
  unknown() {
    return [...this.subscriptions].flatMap(([id, { registration }]) => {
      const { status, isStale, isFetching } = registration.getSnapshot();
      return status === "success" && !isStale && !isFetching ? [] : [id];
    });
  }
}

function impatient() {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), below(300));
  return controller.signal;
}

/** Until every answer has come and every message is read. */
async function calm() {
  do {
    await advance(100);
    await messages();
  } while (underWay > 0);
}

/** Resolves when what the tabs have told each other has arrived. */
async function messages() {
  const [from, to] = [new BroadcastChannel("calm"), new BroadcastChannel("calm")];
  await turns(3);
  const arrived = new Promise((resolve) => {
    to.onmessage = resolve;
  });
  from.postMessage(null);
  await arrived;
  from.close();
  to.close();
  await turns(10);
}

function measure() {
  gc();
  gc();
  const pages = memories.map(({ buffer }) => buffer.byteLength / 65536);
  return { heap: process.memoryUsage().heapUsed, pages };
}

test(`${MINUTES} minutes of random traffic leave nothing stale, nothing open and no memory behind`, async (t) => {
  // Open channels would keep the process.
  t.after(() => page.dispatchEvent(new Event("pagehide")));
  const dist = import.meta.resolve("@mizan/runtime");
  const tabs = [
    new Tab(await import(dist)),
    // The same module once more: a tab has its own.
    new Tab(await import(`${dist}?second`)),
  ];
  const steps = Math.round((MINUTES * 60_000) / PACE);
  const readings = [];
  // Each tab has seen everything once, so that no reading of the memory is of a tab that has not.
  for (const tab of tabs) {
    for (let id = 0; id < CONTEXTS; id++) {
      tab.wait(tab.runtime.mizanFetch(contextOf(id), { id }));
    }
  }
  await calm();

  for (let step = 1; step <= steps; step++) {
    tabs[below(2)].step();
    await advance(below(2 * PACE));
    if (step % Math.round(steps / CHECKS) === 0) {
      await calm();
      for (const [index, tab] of tabs.entries()) {
        assert.deepEqual(tab.lies(), [], `tab ${index} at step ${step}, seed ${SEED}`);
      }
    }
    if (step % Math.floor(steps / 3) === 0) {
      await calm();
      readings.push(measure());
    }
  }

  rough = false;
  await calm();
  browser.onLine = true;
  document.hidden = false;
  page.dispatchEvent(new Event("online"));
  document.dispatchEvent(new Event("visibilitychange"));
  await calm();
  for (const tab of tabs) {
    assert.deepEqual(tab.lies(), []);
    assert.deepEqual(tab.unknown(), []);
    assert.equal(tab.open.size, 0);
  }

  const [first, , last] = readings;
  const megabytes = ({ heap, pages }) =>
    `${(heap / 1e6).toFixed(2)} MB, ${pages.join(" + ")} pages`;
  const sum = (name) => tabs.reduce((total, tab) => total + tab[name], 0);
  t.diagnostic(
    `seed ${SEED}: ${steps} steps in ${Math.round((now - START) / 1000)} simulated seconds, ` +
      `${served} requests, ${sum("invalidations")} invalidations`,
  );
  t.diagnostic(`after a third: ${megabytes(first)}; at the end: ${megabytes(last)}`);
  // One page of 64 KB at most: that most things are under way at once may come after the first third.
  const grown = last.pages.map((pages, at) => pages - first.pages[at]);
  assert.ok(Math.max(...grown) <= 1, `the machines ask for ${grown.join(" + ")} pages more`);
  assert.ok(
    last.heap < first.heap + SLACK,
    `JavaScript keeps ${last.heap - first.heap} bytes more`,
  );

  for (const tab of tabs) {
    for (const { leave } of tab.subscriptions.values()) {
      leave();
    }
  }
  await advance(5 * 60_000);
  assert.deepEqual([...timers], [], "nothing is left to wait for");
});
