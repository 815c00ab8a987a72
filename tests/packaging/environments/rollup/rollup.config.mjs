import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import replace from "@rollup/plugin-replace";
import swc from "@rollup/plugin-swc";

export default {
  input: "page.tsx",
  output: { file: "dist/page.js", format: "es" },
  plugins: [
    nodeResolve({ browser: true, extensions: [".tsx", ".ts", ".js"] }),
    commonjs(),
    replace({ preventAssignment: true, values: { "process.env.NODE_ENV": '"production"' } }),
    swc({
      swc: {
        jsc: {
          parser: { syntax: "typescript", tsx: true },
          transform: { react: { runtime: "automatic" } },
          target: "es2022",
        },
      },
    }),
  ],
};
