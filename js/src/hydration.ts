import { open, tell } from "./cache.js";
import { report } from "./configuration.js";
import { Input } from "./machine.js";
import { isCached } from "./page.js";
import { keySpec } from "./spec.js";
import type { Payload } from "./types.js";

const NAME = "__MIZAN_SSR_DATA__";

/** Takes over the values that the page came with. */
export function hydratePage(): void {
  attempt(() => {
    // Of that kind alone: what people write into a page may have an id, too.
    const text = document.querySelector(`script#${NAME}`)?.textContent;
    hydrate(text ? JSON.parse(text) : (globalThis as { [NAME]?: Payload })[NAME]);
  });
  const judge = () => {
    if (isCached()) {
      tell(Input.Restored);
    }
  };
  // In the middle of a page nobody knows where it is from.
  if (document.readyState === "loading") {
    addEventListener("DOMContentLoaded", judge);
  } else {
    judge();
  }
}

/** Takes over values that a server has sent. Whether they still hold, the machine knows. */
export function hydrate(payload: Payload | null | undefined): void {
  for (const { context, params, data } of payload?.contexts ?? []) {
    attempt(() => {
      if (Object(data) !== data) {
        throw new TypeError(`${context} has no data`);
      }
      const entry = open(keySpec(context, params));
      tell(Input.Hydrated, [entry.handle], [payload?.identity, payload?.schema], {
        body: { value: data },
      });
      if (entry.base === data) {
        entry.initial = entry.snapshot;
      }
    });
  }
}

function attempt(take: () => void): void {
  try {
    take();
  } catch (cause) {
    report(`Cannot read ${NAME}: ${cause}`, cause);
  }
}
