import { open, tell } from "./cache.js";
import { emit } from "./configuration.js";
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
  try {
    const found =
      (globalThis as { [NAME]?: Payload | Node })[NAME] ?? document.getElementById(NAME);
    const text = (found as Node | null)?.textContent;
    const payload = (text ? JSON.parse(text) : found) as Payload | null;
    for (const { context, params, data } of payload?.contexts ?? []) {
      const { handle } = open(keySpec(context, params));
      tell(Input.Hydrated, [handle], [payload?.identity, payload?.schema], {
        body: { value: data },
      });
    }
  } catch (cause) {
    emit({ type: "error", error: new Error(`Cannot read ${NAME}: ${cause}`, { cause }) });
  }
}
