/** Times `work`, at least once for each of `count` samples, in about `budget` ms together. */
export function batch(budget, count, work) {
  const samples = [];
  // The first one is for the engine to compile it.
  for (let sample = 0; sample <= count; sample++) {
    let times = 0;
    const started = performance.now();
    let passed = 0;
    while (passed < budget / count || !times) {
      work();
      times++;
      passed = performance.now() - started;
    }
    samples.push(passed / times);
  }
  return samples.slice(1);
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
