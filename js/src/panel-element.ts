/** What an element may be given: attributes by name, and what happens to it, as `onclick`. */
type Properties = {
  readonly [name: string]: string | boolean | undefined | ((event: never) => void);
};

export type Child = Node | string | undefined;

/** An element. What is a text becomes a text, and never anything else. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") {
      made.addEventListener(key.slice(2), value as (event: Event) => void);
    } else {
      mark(made, key, value);
    }
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Sets an attribute, or takes it off. */
export function mark(target: Element, name: string, value: string | boolean | undefined): void {
  if (value === undefined || value === false) {
    target.removeAttribute(name);
  } else if (target.getAttribute(name) !== `${value}`) {
    target.setAttribute(name, value === true ? "" : value);
  }
}

/** Says something else, where it is something else: a reader's selection stays. */
export function say(target: Element, text: string): void {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

/** An icon of lines, on a square of 16. */
export function icon(path: string): SVGElement {
  const SVG = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** One line of a list: it stays the same element as long as it stands for the same thing. */
export interface Row<T> {
  readonly element: HTMLElement;
  update(item: T): void;
}

/** What keeps the rows of a list, in order, without moving those that need not be moved. */
export function rowsOf<T>(
  parent: HTMLElement,
  keyOf: (item: T) => unknown,
  create: (item: T) => Row<T>,
): (items: readonly T[]) => void {
  let rows = new Map<unknown, Row<T>>();
  return (items) => {
    const next = new Map<unknown, Row<T>>();
    for (const item of items) {
      next.set(keyOf(item), rows.get(keyOf(item)) ?? create(item));
    }
    for (const [key, { element }] of rows) {
      if (!next.has(key)) {
        element.remove();
      }
    }
    let place = parent.firstElementChild;
    for (const item of items) {
      const row = next.get(keyOf(item)) as Row<T>;
      row.update(item);
      if (row.element === place) {
        place = place.nextElementSibling;
      } else {
        parent.insertBefore(row.element, place);
      }
    }
    rows = next;
  };
}
