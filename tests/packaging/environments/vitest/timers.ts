export { vi as timers } from "vitest";
