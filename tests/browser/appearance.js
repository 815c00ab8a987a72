// How a page looks: a picture in target/screenshots, and what axe finds wrong with it.

import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const folder = fileURLToPath(new URL("../../target/screenshots", import.meta.url));

const SIZES = { narrow: { width: 390, height: 844 }, wide: { width: 1280, height: 800 } };

/** Options of a visitor, one for each appearance. Nothing moves, so that pictures are of a state. */
export const APPEARANCES = ["light", "dark"].flatMap((colorScheme) =>
  Object.entries(SIZES).map(([size, viewport]) => ({
    name: `${colorScheme}-${size}`,
    colorScheme,
    viewport,
    reducedMotion: "reduce",
  })),
);

/**
 * A function that looks at a page of the visitor, who has been nowhere yet; its `faults` are what it has found.
 * That is every violation of a rule, and a page that is wider than its window.
 */
export async function appearance(visitor, name) {
  mkdirSync(folder, { recursive: true });
  // The policy of a page does not apply to what its tester brings along.
  await visitor.context.addInitScript({ path: AXE });
  const faults = [];
  const look = async (page, scene) => {
    await page.screenshot({ path: join(folder, `${scene}-${name}.png`) });
    const { violations, excess } = await page.evaluate(async () => {
      // Taking the picture leaves these behind. The policy forbids them, and htmx carries them along.
      for (const element of document.querySelectorAll('[style=""]'))
        element.removeAttribute("style");
      return {
        violations: (await axe.run({ resultTypes: ["violations"] })).violations,
        excess: document.documentElement.scrollWidth - innerWidth,
      };
    });
    faults.push(...violations.map((violation) => `${scene}: ${told(violation)}`));
    if (excess > 0) faults.push(`${scene}: ${excess} pixels stick out`);
  };
  return Object.assign(look, { faults });
}

function told({ id, impact, nodes }) {
  const places = nodes.map(({ target, any }) => `${target.join(" ")} (${any[0]?.message ?? ""})`);
  return `${impact}: ${id} at ${places.join(", ")}`;
}
