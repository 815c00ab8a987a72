import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The page's own host goes with each request: Django's CSRF check compares it with the origin.
const django = {
  target: process.env.DJANGO_URL ?? "http://127.0.0.1:8000",
  changeOrigin: false,
};

export default defineConfig(({ command }) => ({
  plugins: [react()],
  // Django serves the build below STATIC_URL; `npm run dev` serves from the root, with
  // everything that is Django's passed on to it.
  base: command === "build" ? "/static/" : "/",
  build: {
    manifest: true,
    modulePreload: { polyfill: false },
    // Small images would become data: URLs inside the CSS; files are cached on their own.
    assetsInlineLimit: 0,
    rollupOptions: { input: "src/main.tsx" },
  },
  server: { proxy: { "/api": django, "/tasks": django } },
}));
