import { defaultClientConditions, defineConfig } from "vite";

export default defineConfig({
  resolve: { conditions: ["mizan-slim", ...defaultClientConditions] },
  build: { rolldownOptions: { input: "slim.html" } },
});
