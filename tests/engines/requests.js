// Prints what the scenarios of pages of templates have asked of the server, as the last runs counted it: for each
// step the requests by method. Engines that differ have a line of their own.

import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../target/requests/", import.meta.url);
const scenarios = new Map();
for (const file of readdirSync(folder).sort()) {
  const [, suite, engine] = /^(.*)-(\w+)\.json$/.exec(file);
  for (const { scenario, version, requests } of JSON.parse(readFileSync(new URL(file, folder)))) {
    const key = `${suite}: ${scenario}`;
    const found = scenarios.get(key) ?? {};
    scenarios.set(key, found);
    const steps = requests.map(summary).join("; ");
    found[version] ??= new Map();
    const column = found[version];
    column.set(steps, [...(column.get(steps) ?? []), engine]);
  }
}

console.log("| Scenario | htmx 2 | htmx 4 |\n| --- | --- | --- |");
for (const [scenario, versions] of scenarios) {
  console.log(`| ${scenario} | ${cell(versions[2])} | ${cell(versions[4])} |`);
}

/** As in `1 POST, 2 GET`. */
function summary(requests) {
  const counts = {};
  for (const [request, times] of requests) {
    const [method] = request.split(" ");
    counts[method] = (counts[method] ?? 0) + times;
  }
  const parts = Object.entries(counts).map(([method, count]) => `${count} ${method}`);
  // What changes something first.
  return (
    parts.sort((one, other) => other.endsWith("POST") - one.endsWith("POST")).join(", ") || "none"
  );
}

function cell(column) {
  if (!column) return "";
  if (column.size === 1) return [...column.keys()][0] || "not counted";
  return [...column].map(([steps, engines]) => `${steps} (${engines.join(", ")})`).join("; ");
}
