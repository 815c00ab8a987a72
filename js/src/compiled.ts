/** A module that has been compiled before the program began. */
export type Source = WebAssembly.Module;

/** What inline.ts is in the other entries, for workerd, which compiles nothing while it runs. */
export function instantiate(module: Source): WebAssembly.Exports {
  return new WebAssembly.Instance(module).exports;
}
