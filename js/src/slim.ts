export { ready, type WasmFile } from "./given.js";
export * from "./index.js";
