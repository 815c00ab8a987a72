import { defineConfig } from "vite";

// Built for a server that has no node_modules, all is in the bundle.
export default defineConfig(({ isSsrBuild, command }) => ({
  ssr: { noExternal: command === "build" || undefined },
  build: { outDir: isSsrBuild ? "dist/server" : "dist/client" },
}));
