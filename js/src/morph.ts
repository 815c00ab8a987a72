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
let known: Map<string | null | undefined, Element>;
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
    if (!known.has(idOf(element))) {
      known.set(idOf(element), element);
    }
  }
  if (wanted.nodeName === root.nodeName) {
    become(root, wanted as Element);
  } else if ((wanted as Element).matches) {
    root.before(wanted);
    settle(wanted);
    discard(root);
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
    const fields = old as unknown as Record<string, unknown>;
    const states = ["Value", "Checked", "Selected"].map((state) => {
      const [name, server] = [state.toLowerCase(), `default${state}`] as const;
      return [name, server, fields[name], fields[server]] as const;
    });
    becomeAttributes(old, node);
    if (!old.matches(ISLANDS)) {
      const [from, to] = [old, node].map((it) =>
        it instanceof HTMLTemplateElement ? it.content : it,
      );
      becomeParent(from as Element, to as Element);
    }
    for (const [name, server, value, said] of old.matches("output") ? [] : states) {
      // What was typed stays. What was chosen gives way to what the server has chosen since.
      if (fields[server] !== said && (name !== "value" || value === said)) {
        fields[name] = fields[server];
      }
    }
  }
}

function becomeAttributes(old: Element, node: Element): void {
  for (const name of new Set([...old.getAttributeNames(), ...node.getAttributeNames()])) {
    const attribute = node.getAttributeNode(name);
    if (!OWN.test(name) && old.getAttributeNode(name)?.value !== attribute?.value) {
      if (attribute) {
        // Of any name that the parser takes.
        old.setAttributeNode(attribute.cloneNode() as Attr);
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
  let last: ChildNode | undefined;
  // What comes next may have been moved away meanwhile.
  const next = () => (last ? last.nextSibling : from.firstChild);
  for (const node of nodes) {
    const old = pairs.get(node);
    if (!old) {
      from.insertBefore(node, next());
      settle(node);
      last = node;
      continue;
    }
    if (old.parentNode === from && old.contains(document.activeElement)) {
      // Rather everything else is moved than what has the focus.
      for (let other = next(); other && other !== old; other = next()) {
        move(from, other, null);
      }
    } else if (old !== next()) {
      move(from, old, next());
    }
    last = old;
    become(old, node);
  }
  for (let rest = next(); rest; rest = rest.nextSibling) {
    gone.push([from, rest]);
  }
}

/** Finds what each of the newer nodes was: by its id, by an id in it, as it is, or by what kind of node it is. */
function pairUp(from: Node, nodes: readonly ChildNode[]): Map<Node, ChildNode> {
  const pairs = new Map<Node, ChildNode>();
  const free = new Set([...from.childNodes].filter(isAnonymous));
  const same = new Map<string, ChildNode[]>();
  const pair = (
    those: readonly ChildNode[],
    find: (node: ChildNode) => Node | null | undefined,
  ) => {
    for (const node of those) {
      const old = (pairs.has(node) ? null : find(node)) as ChildNode | null;
      if (old) {
        pairs.set(node, old);
        free.delete(old);
      }
    }
  };
  pair(nodes, take);
  const rest = nodes.filter(isAnonymous);
  pair(rest, (node) => {
    const inner = (node as Element).querySelector?.("[id]");
    let old: Node | null | undefined = inner && known.get(idOf(inner));
    while (old && old.parentNode !== from) {
      old = old.parentNode;
    }
    return free.has(old as ChildNode) && isLike(old as Node, node) ? old : null;
  });
  for (const old of free) {
    const text = textOf(old);
    same.set(text, [...(same.get(text) ?? []), old]);
  }
  pair(rest, (node) => same.get(textOf(node))?.shift());
  pair(rest, (node) => [...free].find((old) => isLike(old, node)));
  return pairs;
}

function isAnonymous(node: Node): boolean {
  return !idOf(node);
}

/** Forms have their fields as members, which may be called as members of the form are. */
function idOf(node: Node): string | null | undefined {
  return (node as Element).getAttribute?.("id");
}

/** The older element with the id of a newer one, which no other gets then. */
function take(node: Node): Element | undefined {
  const id = idOf(node);
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
  const [one, other] = [old, node].map((it) =>
    ["type", "name"].map((name) => (it as Element).getAttribute?.(name)),
  );
  return `${one}` === `${other}` && old.nodeName === node.nodeName;
}

/** What tells a node from others beside it, but for what has been set since it came. */
function textOf(node: Node): string {
  return `${(node as Element).outerHTML ?? node.nodeName + node.nodeValue}`.replace(POWERED, "");
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
