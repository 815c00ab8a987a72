// Islands where the page is changed by a morph, which makes it what the server's HTML says: in that, an island has
// nothing inside.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach, beforeEach, test } from "node:test";
import { JSDOM } from "jsdom";
import { act, createElement, useEffect, useState } from "react";

const { window } = new JSDOM("<!doctype html>", {
  url: "http://server.test/",
  runScripts: "outside-only",
});
const { document, Element, Event, MutationObserver } = window;
const addEventListener = window.addEventListener.bind(window);
Object.assign(globalThis, { window, document, Element, Event, MutationObserver, addEventListener });
// Newer versions of Node have one.
globalThis.navigator ??= window.navigator;
globalThis.IS_REACT_ACT_ENVIRONMENT = true;
// What the standard has and jsdom has not: the kind of result need not be said.
const { evaluate } = window.XPathExpression.prototype;
window.XPathExpression.prototype.evaluate = function (node, type = 0) {
  return evaluate.call(this, node, type, null);
};

const { mountIslands } = await import("@mizan/runtime/islands");
const require = createRequire(import.meta.url);

/** Loads a script as a tag does: what it defines is the page's. */
function load(file, name) {
  window.eval(`${readFileSync(require.resolve(file), "utf8")}; window.${name} = ${name};`);
  return window[name];
}

let mounts;
let stop;

function Field({ label }) {
  const [text, setText] = useState("-");
  useEffect(() => {
    mounts++;
  }, []);
  const onClick = () => setText(`${text}x`);
  return [
    createElement("button", { key: "button", type: "button", onClick }, `${label}${text}`),
    createElement("input", { key: "input" }),
  ];
}

const Other = () => "other";

const ISLANDS = (label) => `<mizan-island name="Field" label="${label}"></mizan-island>
  <div data-mizan-island="Field" data-props='{"label": "${label}"}'></div>`;

const buttons = () =>
  [...document.querySelectorAll("button")].map(({ textContent }) => textContent);

beforeEach(async () => {
  mounts = 0;
  document.body.innerHTML = `<main><p>one</p>${ISLANDS("one")}</main>`;
  await act(async () => {
    stop = mountIslands({ Field, Other });
  });
  await act(async () => {
    for (const button of document.querySelectorAll("button")) {
      button.click();
    }
  });
  document.querySelector("input").focus();
});

afterEach(() => act(async () => stop()));

const htmx = load("htmx4", "htmx");
const morphs = {
  "htmx 4, innerMorph": (main, text) =>
    htmx.swap({ text, target: main, swap: "innerMorph", sourceElement: main }),
  "htmx 4, outerMorph": (main, text) =>
    htmx.swap({
      text: `<main>${text}</main>`,
      target: main,
      swap: "outerMorph",
      sourceElement: main,
    }),
  Idiomorph: (main, text) => {
    // It may have come later than the islands. Then it is known as soon as the page changes, or htmx 2 is about to.
    globalThis.Idiomorph ??= load("idiomorph/dist/idiomorph.js", "Idiomorph");
    main.dispatchEvent(new Event("htmx:beforeSwap", { bubbles: true }));
    globalThis.Idiomorph.morph(main, text, { morphStyle: "innerHTML" });
  },
};

for (const [name, morph] of Object.entries(morphs)) {
  const change = (html) => act(async () => morph(document.querySelector("main"), html));

  test(`${name}: an island keeps what React has drawn, its state and the focus, and gets new props`, async () => {
    const before = [...document.querySelectorAll("main *")];
    const focused = document.activeElement;
    await change(`<p>two</p>${ISLANDS("two")}`);
    assert.deepEqual([...document.querySelectorAll("main *")], before);
    assert.equal(document.querySelector("p").textContent, "two");
    assert.deepEqual(buttons(), ["two-x", "two-x"]);
    assert.equal(document.activeElement, focused);
    await change(`<p>three</p>${ISLANDS("three")}`);
    assert.deepEqual(buttons(), ["three-x", "three-x"]);
    assert.equal(mounts, 2);
  });

  test(`${name}: islands come, leave and change`, async () => {
    await change(
      `<p>two</p>${ISLANDS("two")}<mizan-island name="Field" label="new"></mizan-island>`,
    );
    assert.deepEqual(buttons(), ["two-x", "two-x", "new-"]);
    await change(`<p>two</p><mizan-island name="Other" label="two"></mizan-island>`);
    assert.equal(document.querySelector("mizan-island").textContent, "other");
    assert.deepEqual(buttons(), []);
    await change("<p>two</p>");
    assert.equal(document.querySelector("main").innerHTML, "<p>two</p>");
  });
}
