import { defineConfig } from "vitest/config";

const url = process.env.SITE;

export default defineConfig({
  test: {
    globals: true,
    setupFiles: ["setup.ts"],
    environmentOptions: { jsdom: { url }, happyDOM: { url } },
  },
});
