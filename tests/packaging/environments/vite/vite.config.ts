import { defineConfig } from "vite";

// As the main README says it.
export default defineConfig({
  server: { proxy: { "/api": { target: process.env.SITE, changeOrigin: false } } },
});
