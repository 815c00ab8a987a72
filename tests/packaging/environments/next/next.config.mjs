import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

// Where the packages are.
export default { outputFileTracingRoot: root, turbopack: { root } };
