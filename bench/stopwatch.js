/** As short as the coarsest clock (5 µs, in a page) can tell within a few percent, in milliseconds. */
const SHORT = 0.2;

/**
 * How long `work` takes, in milliseconds: many short samples rather than few long ones, because whatever
 * else the machine does then falls on some of them, and not on their median.
 */
export function samples(budget, work) {
  const time = (times) => {
    const started = performance.now();
    for (let left = times; left; left--) {
      work();
    }
    return performance.now() - started;
  };
  let times = 1;
  // For the engine to compile it, too.
  for (let warm = 0; warm < budget / 4; ) {
    const took = time(times);
    warm += took;
    times = took < SHORT ? times * 2 : times;
  }
  const found = [];
  for (let spent = 0; spent < budget || found.length < 3; ) {
    const took = time(times);
    spent += took;
    found.push(took / times);
  }
  return found;
}

/** What is left to do after a sample is not for the next one: some libraries notify in a timer or frame. */
export function settle() {
  return new Promise((resolve) => setTimeout(resolve, 12));
}

/** What comes too late is an error, not a sample. */
export function until(promise, message) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), 60_000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
