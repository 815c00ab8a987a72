// A clock that the test moves. It is everybody's: a test that imports this has a process of its own.

let now = Date.UTC(2030, 0, 1);
let number = 0;

/** What waits: how to call it, and when. */
export const timers = new Map();

/** What was thrown in a turn of its own, which is how the runtime reports what the page's code throws. */
export const thrown = [];

Date.now = () => now;
const start = now;
// By this one React knows when its slice of time is over.
performance.now = () => now - start;
globalThis.setTimeout = (callback, delay) => {
  if (delay === undefined) {
    try {
      callback();
    } catch (error) {
      thrown.push(error);
    }
    return 0;
  }
  // As in browsers and Node: what does not fit goes off at once.
  const wait = delay > 0x7fff_ffff ? 0 : delay;
  timers.set(++number, { callback, at: now + wait, delay });
  return number;
};
globalThis.clearTimeout = (number) => timers.delete(number);

/** Something takes as long as this; no timer goes off in the middle of it. */
export function spend(duration) {
  now += duration;
}

/** How long from now the next timer goes off. */
export function next() {
  return Math.min(...[...timers.values()].map(({ at }) => at - now));
}

/** Lets the clock go on, and the timers go off that are due; `early` milliseconds too soon. */
export function advance(duration, early = 0) {
  now += duration - early;
  for (const [number, { callback, at }] of [...timers]) {
    if (at <= now + early) {
      timers.delete(number);
      callback();
    }
  }
  now += early;
}
