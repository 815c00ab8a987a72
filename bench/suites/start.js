// How long a page waits for the runtime itself: it is imported, and its wasm unpacked, compiled, instantiated
// and called for the first time. In a page that has never seen it.

/** Runs in the page. */
export async function start() {
  const spent = {};
  for (const name of ["Module", "Instance"]) {
    const Native = WebAssembly[name];
    WebAssembly[name] = class extends Native {
      constructor(...args) {
        const started = performance.now();
        super(...args);
        spent[name] = performance.now() - started;
      }
    };
  }
  const begun = performance.now();
  const { contextKey } = await import("/runtime.js");
  const imported = performance.now();
  const key = contextKey("user", { user_id: 5 });
  const called = performance.now();
  contextKey("user", { user_id: 6 });
  const again = performance.now();
  if (key !== "user?user_id=5") {
    throw new Error(`the key is ${key}`);
  }
  const samples = {
    "fetch and import": imported - begun,
    "wasm start": called - imported,
    "wasm start: unpack, first call": called - imported - spent.Module - spent.Instance,
    "wasm start: compile": spent.Module,
    "wasm start: instantiate": spent.Instance,
    "second call": again - called,
  };
  return Object.entries(samples).map(([row, value]) => ({ row, n: 1, unit: "ms", value }));
}
