// Who is measured, and on what.
import { readFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";

/** The libraries by the names of their files, with the versions that are installed. */
export const libraries = {
  mizan: { name: "Mizan", versions: { "@mizan/runtime": version("../pkg/package.json") } },
  tanstack: { name: "TanStack Query", versions: installed("@tanstack/react-query") },
  swr: { name: "SWR", versions: installed("swr", "react") },
  rtk: { name: "RTK Query", versions: installed("@reduxjs/toolkit", "react-redux") },
  apollo: { name: "Apollo Client", versions: installed("@apollo/client", "graphql", "rxjs") },
  urql: { name: "urql", versions: installed("urql", "@urql/core") },
};

/** `load` is how busy the machine was before and after. */
export function machine(chromium, load) {
  const [{ model }] = cpus();
  return {
    processor: model.trim(),
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    system: type(),
    node: process.versions.node,
    chromium,
    load: load.map((value) => Number(value.toFixed(1))),
  };
}

function installed(...names) {
  return Object.fromEntries(
    names.map((name) => [name, version(`node_modules/${name}/package.json`)]),
  );
}

function version(file) {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")).version;
}
