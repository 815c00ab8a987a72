import {
  Component,
  type ComponentType,
  createElement,
  type ReactElement,
  type ReactNode,
  version,
} from "react";
import { createRoot, type Root } from "react-dom/client";

/** How islands are drawn. */
export interface IslandOptions {
  /** What each of them is drawn inside of: providers, `StrictMode`, `Suspense`. */
  readonly wrap?: (island: ReactElement) => ReactNode;
}

/** What an island may show, by its name. */
interface Kind {
  readonly component: ComponentType<Record<string, unknown>>;
  readonly wrap: (island: ReactElement) => ReactNode;
}

/** An element that asks for a component. */
interface Island {
  /** None before it was first drawn. */
  root: Root | undefined;
  /** What was drawn, or could not be: of this kind, as the element said it. */
  kind: Kind | undefined;
  said: string;
  /** How often what was drawn has failed. */
  failures: number;
}

const ISLANDS = "mizan-island, [data-mizan-island]";

/** What htmx 4 asks an element whose children it is to leave alone. */
const KEPT = "hx-morph-skip-children";

const CHANGED = "somebody else has changed what React has drawn";

/** By which copies of this package know what another one has mounted. */
const MOUNTED = Symbol.for("mizan island");

/** Attributes of `<mizan-island>` that are no props, but for `props` itself. */
const OWN = /^(name|id|class|style|slot)$|^(hx|data|mizan)-/;

const kinds = new Map<string, Kind>();
/** All that are on the page, in the order in which they came. */
const islands = new Map<Element, Island>();
/** What is wrong with the page, until it is told. */
const complaints: (() => void)[] = [];
let observer: MutationObserver | undefined;
/** What Idiomorph asks before it changes an element, as it is here. */
let asked: unknown;

/**
 * Mounts React components where the page's HTML says so:
 *
 *     <mizan-island name="UserCard" user_id="5"></mizan-island>
 *     <div data-mizan-island="UserCard" data-props='{"user_id": 5}'></div>
 *
 * each once, now and whenever such an element comes into the page. One that has left is unmounted; one that was
 * moved is not. Attributes that change are new props of the same component.
 *
 * @returns what unmounts the islands of these components, and mounts no more of them.
 */
export function mountIslands(
  // biome-ignore lint/suspicious/noExplicitAny: each has props of its own
  components: { readonly [name: string]: ComponentType<any> },
  { wrap = (island) => island }: IslandOptions = {},
): () => void {
  const own = Object.entries(components).map(([name, component]) => ({ name, component, wrap }));
  for (const kind of own) {
    kinds.set(kind.name, kind);
  }
  // A server has no page.
  if (globalThis.document) {
    if (document.readyState === "loading") {
      // What the parser has not closed yet would get the rest of its HTML beside what React draws.
      document.addEventListener("DOMContentLoaded", begin, { once: true });
    } else {
      begin();
    }
  }
  return () => {
    for (const kind of own) {
      if (kinds.get(kind.name) === kind) {
        kinds.delete(kind.name);
      }
    }
    for (const [element, island] of islands) {
      if (island.kind && !kinds.has(nameOf(element))) {
        end(element, island);
      }
    }
    if (!kinds.size) {
      observer?.disconnect();
      observer = undefined;
      islands.clear();
    }
  };
}

/** Looks at the page, and from then on at what changes in it. */
function begin(): void {
  if (!kinds.size) {
    return;
  }
  if (!observer) {
    observer = new MutationObserver(follow);
    observer.observe(document, {
      childList: true,
      subtree: true,
      attributeFilter: ["data-mizan-island"],
    });
    // Wherever it is told: what asked for the swap may have left the page.
    document.addEventListener("htmx:before:swap", keepFromHtmx, true);
    document.addEventListener("htmx:beforeSwap", keepFromIdiomorph, true);
  }
  keepFromIdiomorph();
  look(document);
}

function follow(records: MutationRecord[]): void {
  keepFromIdiomorph();
  for (const { target, type, addedNodes } of records) {
    if (type === "attributes" && target.isConnected) {
      change(target as Element);
    }
    for (const node of addedNodes) {
      if (node instanceof Element && node.isConnected) {
        look(node);
      }
    }
  }
  for (const [element, island] of islands) {
    // One that was taken out and put back in one go has only been moved.
    if (!element.isConnected) {
      end(element, island);
    }
  }
}

/** Draws the islands in an element, itself included. */
function look(root: Element | Document): void {
  let last: Element | undefined;
  for (const element of [root, ...root.querySelectorAll(ISLANDS)]) {
    // What is in an island that is not drawn yet, to be seen until then, is gone when it is.
    if (element instanceof Element && element.matches(ISLANDS) && !last?.contains(element)) {
      const known = islands.has(element);
      change(element);
      if (!known && islands.get(element)?.root) {
        last = element;
      }
    }
  }
}

/** Draws what an element asks for, unless that is there already. */
function change(element: Element): void {
  const island = islands.get(element) ?? {
    root: undefined,
    kind: undefined,
    said: "",
    failures: 0,
  };
  if (!element.matches(ISLANDS)) {
    end(element, island);
    return;
  }
  if (!islands.has(element)) {
    islands.set(element, island);
    // Its props may have any names.
    observer?.observe(element, { attributes: true });
  }
  const name = nameOf(element);
  const kind = kinds.get(name);
  const attributes = attributesOf(element);
  const said = JSON.stringify([name, attributes]);
  if (said === island.said && kind === island.kind) {
    return;
  }
  Object.assign(island, { said, kind });
  if (MOUNTED in element && !island.root) {
    return;
  }
  if (!kind) {
    clear(element, island);
    const still = () => !kinds.has(name) && !(MOUNTED in element);
    complain(element, "mountIslands was given no component of that name", undefined, still);
    return;
  }
  let props: Record<string, unknown>;
  try {
    props = propsOf(attributes);
  } catch (cause) {
    // What it shows stays as it was.
    complain(element, "its props are no JSON object", cause);
    return;
  }
  try {
    draw(element, island, kind, props);
  } catch (cause) {
    complain(element, "it cannot be drawn", cause);
  }
}

function draw(
  element: Element,
  island: Island,
  { component, wrap }: Kind,
  props: Record<string, unknown>,
): void {
  const fail = (error: unknown) => {
    island.failures++;
    // What cannot be taken away is not there any more.
    tell(element, island.root ? "its component has failed" : CHANGED, error);
  };
  if (!island.root) {
    island.root = createRoot(element, { onUncaughtError: fail });
    Object.assign(element, { [MOUNTED]: true });
    element.setAttribute(KEPT, "");
  }
  const drawn = wrap(createElement(component, props));
  // A React that does not tell whose an error is throws it into the page, too.
  island.root.render(
    Number.parseInt(version, 10) < 19
      ? createElement(Boundary, { key: island.failures, fail }, drawn)
      : drawn,
  );
}

/** An island that has failed is empty until its props change. */
class Boundary extends Component<{ fail: (error: unknown) => void; children?: ReactNode }> {
  static getDerivedStateFromError = () => ({ failed: true });
  override state = { failed: false };

  override componentDidCatch(error: unknown): void {
    this.props.fail(error);
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}

/** An element is no island any more. */
function end(element: Element, island: Island): void {
  islands.delete(element);
  clear(element, island);
}

/** Takes away what was drawn. */
function clear(element: Element, island: Island): void {
  const { root } = island;
  if (root) {
    island.root = undefined;
    delete (element as { [MOUNTED]?: boolean })[MOUNTED];
    try {
      root.unmount();
    } catch (error) {
      tell(element, CHANGED, error);
    }
  }
}

function nameOf(element: Element): string {
  return element.getAttribute(isTag(element) ? "name" : "data-mizan-island") ?? "";
}

function isTag({ localName }: Element): boolean {
  return localName === "mizan-island";
}

/** What an element says about the props of its component. */
function attributesOf(element: Element): [name: string, text: string][] {
  const text = element.getAttribute("data-props");
  return isTag(element)
    ? Array.from(element.attributes, ({ name, value }) => [name, value] as [string, string]).filter(
        ([name]) => !OWN.test(name),
      )
    : text
      ? [["props", text]]
      : [];
}

/** @throws where `props` is no JSON object. */
function propsOf(attributes: [name: string, text: string][]): Record<string, unknown> {
  const pairs = attributes.flatMap(([name, text]) => {
    if (name !== "props") {
      return [[name, parsed(text)]];
    }
    const props = JSON.parse(text);
    if (Object(props) !== props || Array.isArray(props)) {
      throw new TypeError(text);
    }
    return Object.entries(props);
  });
  return Object.fromEntries(pairs);
}

/** The JSON that a text is, or the text itself. */
function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text);
    // Read as a number, the id of one thing would be that of another.
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
  } catch {
    return text;
  }
}

/** Tells what is wrong with the page as soon as all that is to come with it is there, if it is still so. */
function complain(element: Element, what: string, cause?: unknown, still = () => true): void {
  if (!complaints.length) {
    const all = () => {
      for (const complaint of complaints.splice(0)) {
        complaint();
      }
    };
    if (document.readyState === "complete") {
      setTimeout(all);
    } else {
      addEventListener("load", all, { once: true });
    }
  }
  complaints.push(() => {
    if (element.isConnected && still()) {
      tell(element, what, cause);
    }
  });
}

function tell(element: Element, what: string, cause?: unknown): void {
  console.error(new Error(`Island ${nameOf(element)}: ${what}`, { cause }), element);
}

/**
 * The server's HTML has nothing in an island, and a morph would take away what React has drawn. It asks the element
 * when it has given it the attributes that it has in that HTML.
 */
function keepFromHtmx(event: Event): void {
  const { tasks } = (event as CustomEvent<{ tasks?: { fragment?: ParentNode }[] }>).detail;
  for (const { fragment } of tasks ?? []) {
    for (const element of fragment?.querySelectorAll(ISLANDS) ?? []) {
      element.setAttribute(KEPT, "");
    }
  }
}

/** The same for Idiomorph, which htmx 2 uses, as soon as it is there. It asks nothing of an element. */
function keepFromIdiomorph(): void {
  const callbacks = (globalThis as { Idiomorph?: Idiomorph }).Idiomorph?.defaults.callbacks;
  if (callbacks && callbacks.beforeNodeMorphed !== asked) {
    const { beforeNodeMorphed } = callbacks;
    asked = callbacks.beforeNodeMorphed = (old, replacement) => {
      if (beforeNodeMorphed(old, replacement) === false) {
        return false;
      }
      if (!islands.get(old as Element)?.root || !(replacement as Element).matches?.(ISLANDS)) {
        return true;
      }
      copyAttributes(old as Element, replacement as Element);
      return false;
    };
  }
}

interface Idiomorph {
  defaults: { callbacks: { beforeNodeMorphed: (old: Node, replacement: Node) => unknown } };
}

function copyAttributes(element: Element, from: Element): void {
  for (const { name } of [...element.attributes]) {
    if (!from.hasAttribute(name)) {
      element.removeAttribute(name);
    }
  }
  for (const { name, value } of from.attributes) {
    if (element.getAttribute(name) !== value) {
      element.setAttribute(name, value);
    }
  }
}
