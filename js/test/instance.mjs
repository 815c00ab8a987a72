// Stands between the runtime and each new instance of a module, be that WebAssembly or the twin, which the
// condition `mizan-js` loads. Imported before the runtime.
import { register } from "node:module";

let take = (create) => create();

/** From now on, what `wrap` makes of an instance's exports is what the runtime gets. `create` gives them. */
export function wrapInstances(wrap) {
  take = wrap;
}

/** Whether the package is the twin. */
export const isTwin = import.meta.resolve("@mizan/runtime").endsWith("/js/index.js");

if (isTwin) {
  globalThis.instanceOfTwin = (create) => take(create);
  register("./twin.mjs", import.meta.url);
} else {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class {
    constructor(...args) {
      this.exports = take(() => new Instance(...args).exports);
    }
  };
}
