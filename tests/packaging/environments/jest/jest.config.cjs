// MODULES: what the app's sources are compiled to, and so how they load the package.
const esm = process.env.MODULES === "esm";

module.exports = {
  testMatch: ["**/*.spec.tsx"],
  extensionsToTreatAsEsm: esm ? [".ts", ".tsx"] : [],
  testEnvironmentOptions: { url: process.env.SITE },
  // jsdom has no `fetch`. This one makes it of jsdom's XMLHttpRequest, which keeps cookies.
  setupFiles: process.env.PAGE ? ["whatwg-fetch"] : [],
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
