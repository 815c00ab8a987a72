// Pages that React draws in slices of time. A slow component takes longer than a slice, by a clock that only the
// test moves, so that React draws one in each turn. What each commit shows is looked at.
import assert from "node:assert/strict";
import { createElement as h, memo, Profiler } from "react";
import { spend } from "./clock.mjs";
import { mount } from "./react.mjs";

export const READERS = 50;
/** More than the five milliseconds that React draws at a stretch. */
const SLOW = 10;

/** What each commit has shown: the texts of all readers. */
export let commits;
/** How many slow components were begun. */
export let drawn;

/** React draws one slow component in each; answers have their turns, too. */
export async function turns(count) {
  for (let turn = 0; turn < count; turn++) {
    await new Promise(setImmediate);
  }
}

/** Enough for everything that is left to draw. */
export const finish = () => turns(6 * READERS);

/** Puts it on a page, whole; from then on React draws in slices, and each commit is looked at. */
export async function open(element, options) {
  let container;
  const texts = () => [...container.querySelectorAll("b")].map((b) => b.textContent);
  const onRender = () => container && commits.push(texts());
  ({ container } = await mount(h(Profiler, { id: "page", onRender }, element), options));
  globalThis.IS_REACT_ACT_ENVIRONMENT = false;
  commits = [];
  drawn = 0;
  return { container, texts };
}

/** A component that takes long to draw its text. */
export function slow(useText) {
  return memo(function Slow(props) {
    const text = useText(props);
    drawn++;
    spend(SLOW);
    return h("b", null, text);
  });
}

/** On a page with one reader more than the slow ones. */
export const everywhere = (text) => Array(READERS + 1).fill(String(text));

/** Each commit has shown one text everywhere. Gives those texts, in order, without repetitions. */
export function untorn() {
  const texts = commits.map((texts) => {
    const different = [...new Set(texts)];
    assert.equal(different.length, 1, `one commit shows ${different.join(" and ")}`);
    return different[0];
  });
  return texts.filter((text, at) => text !== texts[at - 1]);
}
