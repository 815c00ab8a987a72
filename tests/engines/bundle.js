// The bundle of the islands, as an app would build it: what the generator writes of the site's schema, the
// package's own files, React.

import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { PYTHON } from "./site.js";

const site = fileURLToPath(new URL("site/", import.meta.url));
const generator = fileURLToPath(new URL("../../pkg/bin/mizan-generate.js", import.meta.url));
const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));

/** Writes `islands.js` into the site's folder. */
export async function buildIslands(folder) {
  const schema = join(folder, "schema.json");
  const source = join(folder, "islands");
  const stdio = ["ignore", "ignore", "inherit"];
  const env = { ...process.env, FOLDER: folder, DJANGO_SETTINGS_MODULE: "notes.settings" };
  execFileSync(PYTHON, ["-B", "-m", "django", "mizan_schema", "--out", schema], {
    cwd: site,
    env,
    stdio,
  });
  execFileSync(process.execPath, [generator, "--schema", schema, "--out", join(source, "mizan")], {
    stdio,
  });
  cpSync(join(site, "islands.jsx"), join(source, "islands.jsx"));
  await build({
    entryPoints: [join(source, "islands.jsx")],
    outfile: join(folder, "bundle", "islands.js"),
    bundle: true,
    jsx: "automatic",
    nodePaths: [modules],
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
}
