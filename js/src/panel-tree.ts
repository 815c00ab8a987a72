import { element, say } from "./panel-element.js";

/** How many members of one value are shown at a time. */
const CHUNK = 100;
/** Of a longer text, the beginning is shown. */
const TEXT = 2000;

/** A value of JSON as a tree that can be folded. What was unfolded stays so when the value is another one. */
export class ValueTree {
  readonly element = element("div", { class: "tree" });
  readonly #unfolded = new Set<string>();
  #shown: unknown = this;

  constructor() {
    this.#unfolded.add("");
  }

  update(value: unknown): void {
    if (value !== this.#shown) {
      this.#shown = value;
      const root = this.element.getRootNode() as ShadowRoot;
      const path = (root.activeElement as HTMLElement | null)?.dataset?.path;
      this.element.replaceChildren(this.#node(undefined, value, ""));
      if (path !== undefined) {
        const focused = [...this.element.querySelectorAll<HTMLElement>("summary")];
        focused.find((summary) => summary.dataset.path === path)?.focus();
      }
    }
  }

  #node(name: string | undefined, value: unknown, path: string): HTMLElement {
    const label = name === undefined ? undefined : element("span", { class: "name" }, name);
    if (Object(value) !== value || !Object.keys(value as object).length) {
      return element("div", { class: "leaf" }, label, label && ": ", leaf(value));
    }
    const members = Object.entries(value as object);
    const summary = element(
      "summary",
      { "data-path": path },
      label,
      label && ": ",
      element("span", { class: "soft" }, outline(value as object)),
    );
    const details = element("details", {}, summary);
    const unfold = (from: number) => {
      for (const [key, member] of members.slice(from, from + CHUNK)) {
        details.append(this.#node(key, member, `${path}/${key}`));
      }
      const rest = members.length - from - CHUNK;
      if (rest > 0) {
        const more = element("button", { type: "button", class: "link" });
        say(more, `${rest} more`);
        more.addEventListener("click", () => {
          more.remove();
          unfold(from + CHUNK);
        });
        details.append(more);
      }
    };
    details.addEventListener("toggle", () => {
      this.#unfolded[details.open ? "add" : "delete"](path);
      if (details.open && details.childElementCount === 1) {
        unfold(0);
      }
    });
    if (this.#unfolded.has(path)) {
      unfold(0);
      details.open = true;
    }
    return details;
  }
}

function leaf(value: unknown): HTMLElement {
  const text = JSON.stringify(value) ?? "undefined";
  const type = value === null ? "null" : typeof value;
  return element(
    "span",
    { class: `value ${type}` },
    text.length > TEXT ? `${text.slice(0, TEXT)}…` : text,
  );
}

/** What is folded, in a few words. */
function outline(value: object): string {
  if (Array.isArray(value)) {
    return `[${value.length}]`;
  }
  const names = Object.keys(value);
  return `{ ${names.slice(0, 4).join(", ")}${names.length > 4 ? ", …" : ""} }`;
}
