// What is measured of each library: `(library, n, tools)` reports samples.
export { allocations, bodies, floor } from "./suites/bodies.js";
export { entries } from "./suites/entries.js";
export { heap } from "./suites/heap.js";
export { dehydration, hydration } from "./suites/hydration.js";
