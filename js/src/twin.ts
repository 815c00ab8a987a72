/** A module that wasm2js has made JavaScript of. A call gives a new instance of it. */
export type Source = () => WebAssembly.Exports;

/** What inline.ts is in the other entries, for where WebAssembly is blocked or does not exist. */
export function instantiate(twin: Source): WebAssembly.Exports {
  return twin();
}
