// Makes a part of the document what a newer one is, and leaves what stays as it is: what somebody is typing, where
// the focus is, how far something is scrolled.
import { htmx } from "./host.js";

/** Left as they are. */
const KEPT = "[hx-preserve],[data-hx-preserve],[hx-morph-skip]";
/** What is in them is somebody else's. */
const ISLANDS = "mizan-island,[data-mizan-island],[hx-morph-skip-children]";
/** What is in any of them. */
export const UNTOUCHED = `${KEPT},${ISLANDS}`;
/** Attributes that htmx and we have set, or a click. */
const OWN = /^(data-htmx-powered|mizan-stale|open)$/;
const POWERED = / (data-htmx-powered|mizan-stale)="\w*"/g;

/** The elements of the older part that have an id. They keep their identity wherever they go. */
let known: Map<string, Element>;
/** What has no place in the newer part, with where it was. */
let gone: (readonly [Node, ChildNode])[];
/** Elements that htmx has to look at again. */
let changed: Element[];

/** Makes an element what another one is, or its content that of a fragment. What is new is used up. */
export function morph(root: Element, wanted: Element | DocumentFragment): void {
  const focus = document.activeElement as HTMLInputElement | null;
  const { selectionStart, selectionEnd } = focus ?? {};
  known = new Map();
  gone = [];
  changed = [];
  for (const element of root.querySelectorAll("[id]")) {
    if (!known.has(element.id)) {
      known.set(element.id, element);
    }
  }
  if (wanted.nodeName === root.nodeName) {
    become(root, wanted as Element);
  } else if ((wanted as Element).matches) {
    root.replaceWith(wanted);
    settle(wanted as Element);
  } else {
    becomeParent(root, wanted);
  }
  for (const [parent, node] of gone) {
    if (node.parentNode === parent) {
      discard(node);
    }
  }
  for (const element of changed) {
    htmx()?.process(element, true);
  }
  htmx()?.process(root.isConnected ? root : (wanted as Element));
  if (focus && focus !== document.activeElement) {
    const now = (focus.isConnected ? focus : document.getElementById(focus.id)) as
      | typeof focus
      | null;
    now?.focus({ preventScroll: true });
    if (selectionStart != null) {
      now?.setSelectionRange?.(selectionStart, selectionEnd as number);
    }
  }
}

/** What was older becomes what is newer. */
function become(old: Node, node: Node): void {
  if (!isElement(old) || !isElement(node)) {
    if (old.nodeValue !== node.nodeValue) {
      old.nodeValue = node.nodeValue;
    }
  } else if (!old.matches(KEPT)) {
    const { value, defaultValue, defaultChecked, defaultSelected } = old as unknown as State;
    becomeAttributes(old, node);
    if (!old.matches(ISLANDS)) {
      const [from, to] = [old, node].map((it) =>
        it instanceof HTMLTemplateElement ? it.content : it,
      );
      becomeParent(from as Element, to as Element);
    }
    const now = old as unknown as State;
    if (old.matches("input,option,textarea")) {
      // What was typed stays. What was chosen gives way to what the server has chosen since.
      if (value === defaultValue && value !== now.defaultValue) {
        now.value = now.defaultValue;
      }
      if (defaultChecked !== now.defaultChecked) {
        now.checked = now.defaultChecked;
      }
      if (defaultSelected !== now.defaultSelected) {
        now.selected = now.defaultSelected;
      }
    }
  }
}

interface State {
  value: unknown;
  defaultValue: unknown;
  checked: unknown;
  defaultChecked: unknown;
  selected: unknown;
  defaultSelected: unknown;
}

function becomeAttributes(old: Element, node: Element): void {
  const names = new Set([...old.getAttributeNames(), ...node.getAttributeNames()]);
  for (const name of names) {
    const value = node.getAttributeNode(name);
    if (!OWN.test(name) && old.getAttribute(name) !== (value?.value ?? null)) {
      if (value) {
        // Of any name that the parser takes.
        old.setAttributeNode(value.cloneNode() as Attr);
      } else {
        old.removeAttribute(name);
      }
      if (name.includes("hx-")) {
        changed.push(old);
      }
    }
  }
}

function becomeParent(from: ParentNode & Node, to: ParentNode & Node): void {
  const nodes = [...to.childNodes];
  const pairs = pairUp(from, nodes);
  let next = from.firstChild;
  for (const node of nodes) {
    const old = pairs.get(node);
    if (!old) {
      from.insertBefore(node, next);
      settle(node);
      continue;
    }
    if (old === next) {
      next = old.nextSibling;
    } else if (old.parentNode === from && old.contains(document.activeElement)) {
      // Rather everything else than what has the focus.
      while (next && next !== old) {
        const after: ChildNode | null = next.nextSibling;
        move(from, next, null);
        next = after;
      }
      next = old.nextSibling;
    } else {
      move(from, old, next);
    }
    become(old, node);
  }
  for (; next; next = next.nextSibling) {
    gone.push([from, next]);
  }
}

/** Finds what each of the newer nodes was: by its id, by an id in it, as it is, or by what kind of node it is. */
function pairUp(from: Node, nodes: readonly ChildNode[]): Map<Node, ChildNode> {
  const pairs = new Map<Node, ChildNode>();
  const free = new Set([...from.childNodes].filter((old) => !(old as Element).id));
  const same = new Map<string, ChildNode[]>();
  const pair = (find: (node: ChildNode) => Node | null | undefined) => {
    for (const node of nodes) {
      const old = (pairs.has(node) ? null : find(node)) as ChildNode | null;
      if (old) {
        pairs.set(node, old);
        free.delete(old);
      }
    }
  };
  pair(take);
  const rest = new Set(nodes.filter((node) => !(node as Element).id));
  pair((node) => {
    let old: Node | null | undefined =
      isElement(node) && rest.has(node)
        ? known.get(node.querySelector("[id]")?.id as string)
        : null;
    while (old && old.parentNode !== from) {
      old = old.parentNode;
    }
    return free.has(old as ChildNode) && isLike(old as ChildNode, node) ? old : null;
  });
  for (const old of free) {
    if (isElement(old)) {
      const text = textOf(old);
      same.set(text, [...(same.get(text) ?? []), old]);
    }
  }
  pair((node) => (isElement(node) ? same.get(textOf(node))?.shift() : null));
  pair((node) => (rest.has(node) ? [...free].find((old) => isLike(old, node)) : null));
  return pairs;
}

/** The older element with the id of a newer one, which no other gets then. */
function take(node: Node): Element | undefined {
  const { id } = node as Element;
  const old = known.get(id);
  if (old?.nodeName === node.nodeName) {
    known.delete(id);
    return old;
  }
  return undefined;
}

/** What is in a part that is new may have been elsewhere. */
function settle(node: Node): void {
  if (isElement(node)) {
    for (const inner of node.querySelectorAll("[id]")) {
      const old = take(inner);
      if (old) {
        move(inner.parentNode as Node, old, inner);
        inner.remove();
        become(old, inner);
      }
    }
  }
}

function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

/** Whether a node may become another one. */
function isLike(old: Node, node: Node): boolean {
  const [one, other] = [old, node] as unknown as { type: unknown; name: unknown }[];
  return old.nodeName === node.nodeName && one?.type === other?.type && one?.name === other?.name;
}

function textOf(element: Element): string {
  return element.outerHTML.replace(POWERED, "");
}

/** Without losing the focus and the like, where the browser can. */
function move(parent: Node, node: Node, next: Node | null): void {
  try {
    (parent as unknown as { moveBefore: typeof parent.insertBefore }).moveBefore(node, next);
  } catch {
    parent.insertBefore(node, next);
  }
}

/** htmx forgets what is left behind. */
function discard(node: ChildNode): void {
  const host = htmx();
  if (host && isElement(node)) {
    // By these, 4 and 2 do not begin with it anew.
    node.setAttribute("hx-ignore", "");
    node.setAttribute("hx-disable", "");
    host.process(node, true);
  }
  node.remove();
}
