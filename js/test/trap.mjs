// Makes the real machine trap, when a test says so: what runs then is an `unreachable` of a module of its
// own. Imported before the runtime.
import { isTwin, wrapInstances } from "./instance.mjs";

// (module (func (export "trap") unreachable))
const UNREACHABLE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0,
  10, 5, 1, 3, 0, 0, 11,
]);
const { trap } = isTwin
  ? { trap: twinTrap }
  : new WebAssembly.Instance(new WebAssembly.Module(UNREACHABLE)).exports;

/** What wasm2js makes of an `unreachable`. */
function twinTrap() {
  throw new Error("abort");
}

/** Whether an error is what a trap throws. */
export function isTrap(error) {
  return isTwin ? error.message === "abort" : error instanceof WebAssembly.RuntimeError;
}

/** How often a machine was made. */
export let machines = 0;

let decide;

/** From now on, calls trap for which this is true: of what is exported, with which arguments. */
export function trapWhen(condition) {
  decide = condition;
}

/** The next call of an export traps, once; of `tell`, the next one with this letter (js/src/machine.ts). */
export function trapOnce(name, letter) {
  decide = (...call) => {
    const now = isCall(name, letter)(...call);
    if (now) {
      decide = undefined;
    }
    return now;
  };
}

/** Whether a call is of that export, and tells what the letter stands for. */
export function isCall(name, letter) {
  return (other, args) =>
    other === name && (letter === undefined || args[1] === letter.charCodeAt(0));
}

let refused = false;

/** The next machine cannot be made: there is no memory for it. */
export function refuseOnce() {
  refused = true;
}

wrapInstances((create) => {
  if (refused) {
    refused = false;
    throw new RangeError("out of memory");
  }
  machines++;
  const wrapped = Object.entries(create()).map(([name, value]) => [
    name,
    typeof value !== "function"
      ? value
      : (...args) => {
          const now = decide?.(name, args);
          // Half of the traps leave what they have done behind.
          const result = now && machines % 2 ? undefined : value(...args);
          return now ? trap() : result;
        },
  ]);
  return Object.fromEntries(wrapped);
});
