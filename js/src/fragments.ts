// The parts of a page that the server has rendered and that say what they show, and the machine that knows which
// of them are stale (core/src/fragments.rs). In the script this file stands for cache.ts, machine.ts and encoding.ts.
import packed from "mizan-wasm/fragments";
import type { InitOutput } from "mizan-wasm/glue/fragments";

import { announce } from "./announcement.js";
import { fail, inspect, log, logInvalidation } from "./diagnosis.js";
import { channel, enterPage } from "./page.js";
import { refresh } from "./refresh.js";
import { requestOf } from "./requests.js";
import { join, type Texts } from "./texts.js";
import { load, type Output } from "./wasm.js";

/** What can be told to the machine. What page.ts tells has the numbers of core/src/wire.rs. */
export enum Input {
  Watch = 0,
  Unwatch = 1,
  Begin = 2,
  End = 3,
  Dropped = 4,
  Seen = 9,
  Cookie = 10,
  TabInvalidated = 11,
  TabIdentity = 12,
  Invalidate = 13,
  Configure = 14,
  Visible = 15,
  Online = 16,
  Restored = 17,
  Tick = 18,
  Applied = 23,
}

/** What the other tabs have to know of what happened. */
export interface Arrival {
  readonly id?: string;
}

/** An element that says what it shows. */
export interface Fragment {
  readonly number: number;
  readonly element: Element;
  /** What it shows, in the grammar of the header. */
  text: string;
  /** A refresh of it is to begin. */
  isDue?: boolean;
  /** htmx was asked to. */
  isAsked?: boolean;
  /** Why the last refresh of it has failed, where no status says so. */
  why?: string | undefined;
}

/** What the machine says is ASCII: it needs less than what stands in encoding.ts. */
export const decoder = {
  decode: (bytes: Uint8Array) => bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""),
};

const SELECTOR = "[mizan-context],[data-mizan-context]";

/** Those that the machine knows. */
export const fragments = new Map<Element, Fragment>();
const numbered = new Map<number, Fragment>();

let count = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let isBroken = false;
let known: string | undefined;

const machine = load(
  packed,
  ({ tell }: InitOutput, input, [first = 0, second = 0, third = 0]) =>
    tell(Date.now(), input, first, second, third, 0),
  (cause) => {
    console.error(cause);
    if (!isBroken) {
      isBroken = true;
      setTimeout(repair, 1000);
    }
  },
);

/** The next instance knows nothing, and nobody what the broken one has missed. */
function repair(): void {
  isBroken = false;
  channel?.postMessage({ list: ["*"], id: `${Math.random()}` });
  start();
  enterPage();
  for (const { number, text } of fragments.values()) {
    say(Input.Watch, [number], ["", "", text]);
  }
  say(Input.Restored);
}

const observer = new MutationObserver(look);

/** Begins to look for fragments, in a page that was rendered for who has this identity, where that is known. */
export function start(identity = known): void {
  known = identity;
  say(Input.Configure, [Math.random() * 2 ** 32, 3], [identity]);
  find(document.documentElement);
  observer.observe(document, {
    attributeFilter: ["mizan-context", "data-mizan-context"],
    childList: true,
    subtree: true,
  });
}

/** Tells the machine what happened, after all that has happened in the document before. What is missing may be omitted. */
export function tell(
  input: Input,
  numbers: readonly number[] = [],
  texts: Texts = [],
  arrival: Arrival = {},
): void {
  look(observer.takeRecords());
  say(input, input === Input.Seen ? [requestOf(texts[0])] : numbers, texts, arrival);
}

function say(
  input: Input,
  numbers: readonly number[] = [],
  texts: Texts = [],
  arrival: Arrival = {},
): void {
  const [outputs, text] = machine.tell(join(texts), input, numbers) ?? [[], ""];
  for (const output of outputs) {
    act(output, text, arrival);
  }
  for (const [kind, source] of outputs) {
    if (kind === 6) {
      logInvalidation(source, text);
    }
  }
}

/** The table in core/src/fragments.rs. Nothing here tells the machine anything. */
function act([kind, number, detail]: Output, text: string, { id }: Arrival): void {
  const fragment = numbered.get(number) as Fragment;
  switch (kind) {
    case 0:
      refresh(fragment);
      break;
    case 1:
      fragment.element.setAttribute("mizan-stale", "");
      break;
    case 2:
      fragment.element.removeAttribute("mizan-stale");
      log("refreshed", fragment.element);
      break;
    case 3: {
      const { element, why = detail ? `HTTP ${detail}` : "no answer" } = fragment;
      fail({ message: `cannot refresh: ${why}`, element, status: detail });
      break;
    }
    case 6:
      announce(text, number, detail, id);
      break;
    case 9: {
      const { element, text = "" } = numbered.get(number >> 2) ?? {};
      const what = ["invalidate", "X-Mizan-Invalidate", "mizan-context"][number & 3];
      const message = `cannot read ${what} at index ${detail}`;
      fail({
        message: element ? `${message}\n${text}\n${" ".repeat(detail)}^` : message,
        element,
        position: detail,
      });
      break;
    }
    default:
      clearTimeout(timer);
      if (number) {
        timer = setTimeout(() => tell(Input.Tick), detail);
      }
  }
}

/** Takes note of what has come into the document, of what has left it, and of what says something else. */
function look(records: readonly MutationRecord[]): void {
  for (const { target, addedNodes, removedNodes } of records) {
    check(target);
    for (const node of [...removedNodes, ...addedNodes]) {
      find(node);
    }
  }
}

function find(root: Node): void {
  check(root);
  for (const element of (root as Element).querySelectorAll?.(SELECTOR) ?? []) {
    check(element);
  }
}

/** A node may be a fragment, or one no more. */
function check(node: Node): void {
  const element = node as Element;
  const fragment = fragments.get(element);
  if (!element.isConnected || !element.matches?.(SELECTOR)) {
    if (fragment) {
      leave(fragment);
    }
  } else if (!fragment) {
    enter(element);
  } else if (textOf(element) !== fragment.text) {
    fragment.text = textOf(element);
    say(Input.Watch, [fragment.number], ["", "", fragment.text]);
  }
}

function enter(element: Element): void {
  const fragment = { number: ++count, element, text: textOf(element) };
  fragments.set(element, fragment);
  numbered.set(count, fragment);
  say(Input.Watch, [count], ["", "", fragment.text]);
  inspect(fragment);
}

function leave({ number, element }: Fragment): void {
  fragments.delete(element);
  numbered.delete(number);
  say(Input.Unwatch, [number]);
}

/** A request under way has brought the content of a fragment, which is judged by that now. */
export function renew(fragment: Fragment): void {
  leave(fragment);
  fragment.element.removeAttribute("mizan-stale");
  check(fragment.element);
}

/** An attribute of ours. */
export function attribute(element: Element, name: string): string | null {
  return element.getAttribute(`mizan-${name}`) ?? element.getAttribute(`data-mizan-${name}`);
}

/** What an element shows. People break long lines. */
function textOf(element: Element): string {
  return (attribute(element, "context") as string).replace(/\s/g, " ");
}
