// MODULES: what the app's sources are compiled to, and so how they load the package.
const esm = process.env.MODULES === "esm";

module.exports = {
  testMatch: ["**/*.spec.tsx"],
  extensionsToTreatAsEsm: esm ? [".ts", ".tsx"] : [],
  setupFiles: ["./setup.ts"],
  transform: {
    "\\.[jt]sx?$": [
      "@swc/jest",
      {
        jsc: {
          parser: { syntax: "typescript", tsx: true },
          transform: { react: { runtime: "automatic" } },
          target: "es2022",
        },
        module: { type: esm ? "es6" : "commonjs" },
      },
    ],
  },
};
