export default {
  input: "page.tsx",
  platform: "browser",
  transform: { define: { "process.env.NODE_ENV": '"production"' } },
  output: { file: "dist/page.js", minify: true },
};
