// The rows of results.json that the README shows, as a Markdown table: `make bench` writes it there, and so
// does this file when it is run.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { libraries } from "./machine.js";

const README = new URL("README.md", import.meta.url);
const TABLE = /(<!-- bench:begin -->\n)([\s\S]*?)(<!-- bench:end -->)/;

/** What is shown: the row, among how many or how large, and what it is called. */
const SHOWN = [
  ["populate", 10_000, "Fetch 10,000 entries, µs each"],
  ["snapshot read", 1000, "Read one of 1,000, ns"],
  ["look-up by name and params", 1000, "Look up one of 1,000, ns"],
  ["invalidate 1 of N", 100, "Invalidate 1 of 100, until delivered, µs"],
  ["invalidate 1 of N", 10_000, "Invalidate 1 of 10,000, until delivered, µs"],
  ["invalidate all", 10_000, "Invalidate all of 10,000, until delivered, µs each"],
  ["1,000 equal requests", 1000, "1,000 equal requests, µs"],
  ["unsubscribe all", 1000, "Unsubscribe from 1,000, µs each"],
  ["hydrate", 1000, "Take over 1,000 from the server, µs each"],
  ["heap per entry", 10_000, "Memory of one of 10,000, bytes"],
  ["unchanged", 1_000_000, "Refetch 1 MB: unchanged, µs"],
  ["one row changed", 1_000_000, "… one row of 2,500 changed, µs"],
  ["all rows changed", 1_000_000, "… all rows changed, µs"],
  ["first load", 1_000_000, "First load of 1 MB, µs"],
  ["50 contexts, 0 ms: first content, main thread", 200, "React, 50 contexts: main thread, ms"],
  ["50 contexts, 0 ms: click, main thread", 200, "… of one mutation, ms"],
  ["50 contexts, 0 ms: click, renders", 200, "… renders of one mutation, of 200 components"],
  ["download, brotli", 200, "… what that page downloads of the library, bytes"],
];

/** The table. What was not counted in Chromium was counted in Node. */
export function table({ rows }) {
  const ids = Object.keys(libraries);
  const lines = SHOWN.map(([row, n, title]) => {
    const own = rows.filter((one) => one.row === row && one.n === n);
    const here = own.some(({ environment }) => environment === "Chromium") ? "Chromium" : "Node";
    const cells = ids.map((id) => {
      const found = own.find((one) => one.library === id && one.environment === here);
      return found ? found.median.toLocaleString("en-US", { maximumSignificantDigits: 3 }) : "–";
    });
    return [title, ...cells];
  });
  const names = ids.map((id) => libraries[id].name);
  return [["", ...names], ["---", ...ids.map(() => "--:")], ...lines]
    .map((cells) => `| ${cells.join(" | ")} |\n`)
    .join("");
}

/** Writes the table of these results into the README. */
export function publish(found) {
  const text = readFileSync(README, "utf8");
  const written = text.replace(TABLE, (_, begin, __, end) => begin + table(found) + end);
  writeFileSync(README, written);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  publish(JSON.parse(readFileSync(new URL("results.json", import.meta.url), "utf8")));
}
