import * as wasm from "mizan-wasm";
import hex from "mizan-wasm/hex";

/** What can be told to the machine: the letters of `tell` in src/lib.rs. */
export type Input =
  | typeof SUBSCRIBE
  | typeof UNSUBSCRIBE
  | typeof READ
  | typeof UNREAD
  | typeof REFETCH
  | typeof FETCHED
  | typeof HYDRATED
  | typeof CALL
  | typeof CALL_ANSWERED
  | typeof CALL_LOST
  | typeof SEEN
  | typeof COOKIE
  | typeof TAB_MESSAGE
  | typeof INVALIDATE
  | typeof SCHEMA
  | typeof REVALIDATE
  | typeof RESTORED
  | typeof TICK;

export const SUBSCRIBE = "a";
export const UNSUBSCRIBE = "b";
export const READ = "c";
export const UNREAD = "d";
export const REFETCH = "e";
export const FETCHED = "f";
export const HYDRATED = "g";
export const CALL = "h";
export const CALL_ANSWERED = "i";
export const CALL_LOST = "j";
export const SEEN = "k";
export const COOKIE = "l";
export const TAB_MESSAGE = "m";
export const INVALIDATE = "n";
export const SCHEMA = "o";
export const REVALIDATE = "p";
export const RESTORED = "q";
export const TICK = "r";

let started = false;

/**
 * The machine, instantiated when it is first asked for, and then at once: a page need not wait for
 * anything before it uses the runtime.
 *
 * @throws Error that says what to do where a Content-Security-Policy forbids WebAssembly.
 */
export function machine(): typeof wasm {
  if (!started) {
    try {
      wasm.initSync({ module: new WebAssembly.Module(bytes()) });
    } catch (cause) {
      throw new Error(
        "Mizan cannot start: WebAssembly is blocked here. " +
          "Add 'wasm-unsafe-eval' to the script-src of your Content-Security-Policy.",
        { cause },
      );
    }
    started = true;
  }
  return wasm;
}

/** Hex costs a tenth more than the bytes themselves once compressed; base64 would cost a third. */
function bytes(): Uint8Array<ArrayBuffer> {
  const decoded = new Uint8Array(hex.length / 2);
  for (let at = 0; at < decoded.length; at++) {
    decoded[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  }
  return decoded;
}
