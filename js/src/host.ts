// The page's htmx, 2 or 4, as far as anything is asked of it.

/** What is used of it. */
interface Htmx {
  readonly config: {
    /** What stands for `hx-`, too (4). */
    readonly prefix?: string;
    /** What an element is marked with until it is swapped (2). */
    readonly swappingClass?: string;
  };
  ajax(verb: string, path: string, context: object): Promise<void>;
  /** 4 takes notice of attributes that have changed only by `force`; 2 does so anyway. */
  process(element: Element, force?: boolean): void;
}

/** The type of the event by which htmx is asked to refresh something. */
export const REFRESH = "mizan:refresh";

/** The page's htmx, if there is one by now. */
export function htmx(): Htmx | undefined {
  return (globalThis as { htmx?: Htmx }).htmx;
}

/** The path of an element's own GET; null where it has none. */
export function pathOf(element: Element): string | null {
  const get = (name: string) =>
    element.getAttribute(`hx-${name}`) ??
    element.getAttribute((htmx()?.config.prefix || "data-hx-") + name);
  const method = get("method") ?? element.getAttribute("method") ?? "get";
  return get("get") ?? (isGet(method) ? get("action") : null);
}

export function isGet(method: string): boolean {
  return /^get$/i.test(method);
}
