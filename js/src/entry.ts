/** What index.ts describes, as it is built: a page has the most of it once. */
export { inspect, observe } from "./inspection.js";
export * from "./shared.js";
export { formatInvalidateHeader } from "./writer.js";
