import { defaultClientConditions, defineConfig } from "vite";

export default defineConfig({ resolve: { conditions: ["mizan-js", ...defaultClientConditions] } });
