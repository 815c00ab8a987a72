// Builds pkg/dist from js/src and the wasm in target/wasm. `make build` calls it after cargo, wasm-bindgen
// and wasm-opt.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { pack } from "./pack.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}pkg/dist`;
const wasm = `${root}target/wasm`;

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

// The two modules as texts, each a file of its own, so that a bundler drops the one that is not used.
const MODULES = ["machine", "writer"];
for (const module of MODULES) {
  const packed = JSON.stringify(pack(readFileSync(`${wasm}/${module}.wasm`)));
  writeFileSync(`${wasm}/${module}.js`, `export default ${packed};\n`);
  writeFileSync(
    `${wasm}/${module}.d.ts`,
    "declare const packed: string;\nexport default packed;\n",
  );
}

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: "es2022",
  // Members of our own objects that nobody outside gets to see. Of no other object do we use one by such a name.
  mangleProps:
    /^(handle|specs|base|layers|listeners|reads|controller|snapshot|patches|settle|send|enter|turn|done|bytes|parts|start|span|hash|isTold|words|ask|onTrap)$/,
  alias: Object.fromEntries(
    MODULES.map((module) => [`mizan-wasm/${module}`, `${wasm}/${module}.js`]),
  ),
  logLevel: "warning",
};

for (const [format, extension] of [
  ["esm", "js"],
  ["cjs", "cjs"],
]) {
  await build({
    ...common,
    format,
    entryPoints: ["js/src/index.ts"],
    outfile: `${dist}/index.${extension}`,
  });
  await build({
    ...common,
    format,
    entryPoints: ["js/src/react.ts"],
    outfile: `${dist}/react.${extension}`,
    banner: { js: '"use client";' },
    plugins: [
      {
        // One runtime for both entries: the React entry imports the other one, it does not contain it.
        name: "runtime-is-external",
        setup({ onResolve }) {
          onResolve({ filter: /^\.\/index\.js$/ }, () => ({
            path: `./index.${extension}`,
            external: true,
          }));
          onResolve({ filter: /^react$/ }, () => ({ path: "react", external: true }));
        },
      },
    ],
  });
}

execFileSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, "-p", `${root}js/tsconfig.build.json`],
  {
    stdio: "inherit",
  },
);
const PUBLIC = ["client", "error", "index", "react", "types", "writer"].map(
  (name) => `${name}.d.ts`,
);
for (const file of readdirSync(dist).filter((name) => name.endsWith(".d.ts"))) {
  if (!PUBLIC.includes(file)) {
    rmSync(`${dist}/${file}`);
    continue;
  }
  const text = readFileSync(`${dist}/${file}`, "utf8");
  writeFileSync(`${dist}/${file.replace(/ts$/, "cts")}`, text.replaceAll(/\.js"/g, '.cjs"'));
}
copyFileSync(`${root}LICENSE`, `${root}pkg/LICENSE`);
