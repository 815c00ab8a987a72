import { open, tell } from "./cache.js";
import { report } from "./configuration.js";
import { Input } from "./machine.js";
import { keySpec } from "./spec.js";
import type { Params } from "./types.js";

const NAME = "__MIZAN_SSR_DATA__";

/** What the server has rendered the page with (protocol rule S1). */
interface Payload {
  readonly schema?: string;
  readonly identity?: string;
  readonly contexts: readonly { context: string; params?: Params; data: unknown }[];
}

/** Takes over the values that the page came with. Whether they still hold, the machine knows. */
export function hydrate(): void {
  attempt(() => {
    // Of that kind alone: what people write into a page may have an id, too.
    const text = document.querySelector(`script#${NAME}`)?.textContent;
    const found = (globalThis as { [NAME]?: Payload })[NAME];
    const payload = text ? (JSON.parse(text) as Payload | null) : found;
    for (const { context, params, data } of payload?.contexts ?? []) {
      attempt(() => {
        if (Object(data) !== data) {
          throw new TypeError(`${context} has no data`);
        }
        const { handle } = open(keySpec(context, params));
        tell(Input.Hydrated, [handle], [payload?.identity, payload?.schema], {
          body: { value: data },
        });
      });
    }
  });
}

function attempt(take: () => void): void {
  try {
    take();
  } catch (cause) {
    report(`Cannot read ${NAME}: ${cause}`, cause);
  }
}
