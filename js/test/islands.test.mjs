// React components where the page's HTML says so, whoever writes it: the server, htmx or a morph.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { settle } from "./react.mjs";
import { idle } from "./server.mjs";
import "./window.mjs";
import { createContext, createElement, StrictMode, useContext, useEffect, useState } from "react";

const { mountIslands } = await import("@mizan/runtime/islands");

/** What is mounted, and what was drawn with which props. */
let mounted;
let drawn;
/** What was told of, in one line each: the message, and the element. */
let told;
let stops;

/** Counts clicks, so that one sees whether it is still the same. */
function Counter(props) {
  const [count, setCount] = useState(0);
  useEffect(() => {
    mounted++;
    return () => {
      mounted--;
    };
  }, []);
  drawn.push(props);
  const label = `${props.label ?? ""} ${count}`.trim();
  return createElement("button", { type: "button", onClick: () => setCount(count + 1) }, label);
}

function Broken({ broken = true }) {
  if (broken) {
    throw new RangeError("broken");
  }
  return "whole";
}

beforeEach(() => {
  mounted = 0;
  drawn = [];
  told = [];
  stops = [];
  console.error = (error, element) => {
    // The oldest React tells of errors itself, too.
    if (/^Island/.test(error?.message)) {
      told.push([error.message, element?.id, error.cause?.message]);
    }
  };
});

afterEach(async () => {
  await settle(() => {
    for (const stop of stops) {
      stop();
    }
    document.body.innerHTML = "";
  });
  assert.equal(mounted, 0, "no root is left behind");
});

const mount = (components, options, by = mountIslands) =>
  settle(() => {
    stops.push(by(components, options));
  });
const write = (html) =>
  settle(() => {
    document.body.innerHTML = html;
  });
const find = (id) => document.getElementById(id);
const texts = () => [...document.querySelectorAll("[id]")].map(({ textContent }) => textContent);
const click = (id) => settle(() => find(id).querySelector("button").click());

test("elements that are there are mounted, each with its own props", async () => {
  await write(`
    <mizan-island id="a" name="Counter" label="one"></mizan-island>
    <div id="b" data-mizan-island="Counter" data-props='{"label": "two"}'></div>
    <div id="c" data-mizan-island="Counter"></div>`);
  await mount({ Counter });
  assert.deepEqual(texts(), ["one 0", "two 0", "0"]);
  assert.deepEqual(drawn, [{ label: "one" }, { label: "two" }, {}]);
});

test("elements that come later are mounted, wherever in what came they stand", async () => {
  await mount({ Counter });
  await write(`<p><mizan-island id="a" name="Counter"></mizan-island></p>`);
  await settle(() => {
    const section = document.createElement("section");
    section.innerHTML = `<p><b><i id="b" data-mizan-island="Counter"></i></b></p>`;
    document.body.append(section);
  });
  assert.deepEqual(texts(), ["0", "0"]);
  assert.equal(mounted, 2);
});

for (const [text, value] of [
  ["5", 5],
  ["-1.5", -1.5],
  ["true", true],
  ["null", null],
  ["[1, 2]", [1, 2]],
  ['{"a": 1}', { a: 1 }],
  ['"5"', "5"],
  ["Ada", "Ada"],
  ["", ""],
  ["007", "007"],
  ["{a: 1}", "{a: 1}"],
  ["9007199254740991", 9007199254740991],
  ["9007199254740993", "9007199254740993"],
]) {
  test(`the attribute ${JSON.stringify(text)} is the prop ${JSON.stringify(value)}`, async () => {
    await write(`<mizan-island name="Counter"></mizan-island>`);
    document.body.firstChild.setAttribute("prop", text);
    await mount({ Counter });
    assert.deepEqual(drawn, [{ prop: value }]);
  });
}

test("what HTML and htmx use is no prop, and props adds what attributes cannot say", async () => {
  await write(`<mizan-island name="Counter" id="a" class="b" style="color: red" slot="c" data-x="d"
    hx-get="/e" mizan-context="f" user_id="5" props='{"userId": 6, "onSale": null}'></mizan-island>`);
  await mount({ Counter });
  assert.deepEqual(drawn, [{ user_id: 5, userId: 6, onSale: null }]);
});

for (const [what, leave] of [
  ["it", () => find("a").remove()],
  ["what it is in", () => find("box").remove()],
  ["all", () => document.body.replaceChildren()],
]) {
  test(`an island is unmounted when ${what} leaves`, async () => {
    await write(`<p id="box"><b><mizan-island id="a" name="Counter"></mizan-island></b></p>`);
    await mount({ Counter });
    assert.equal(mounted, 1);
    const island = find("a");
    await settle(leave);
    assert.equal(mounted, 0);
    assert.equal(island.innerHTML, "");
    await settle(() => document.body.append(island));
    assert.equal(mounted, 1, "it is mounted anew when it comes back");
    assert.equal(island.textContent, "0");
  });
}

test("an island that is moved, alone or in something, is the same", async () => {
  await write(`<p id="from"><b><mizan-island id="a" name="Counter"></mizan-island></b></p>
    <div id="to"></div>`);
  await mount({ Counter });
  await click("a");
  await settle(() => find("to").append(find("a")));
  assert.equal(find("a").textContent, "1");
  await settle(() => {
    const island = find("a");
    island.remove();
    find("from").prepend(island);
  });
  await settle(() => find("to").append(find("from")));
  assert.equal(find("a").textContent, "1");
  await click("a");
  assert.equal(find("a").textContent, "2");
  assert.equal(mounted, 1);
});

test("attributes that change are new props of the same component", async () => {
  await write(`<mizan-island id="a" name="Counter" label="one"></mizan-island>
    <div id="b" data-mizan-island="Counter" data-props='{"label": "one"}'></div>`);
  await mount({ Counter });
  await click("a");
  await click("b");
  await settle(() => {
    find("a").setAttribute("label", "two");
    find("b").setAttribute("data-props", `{"label": "two"}`);
  });
  assert.deepEqual(texts(), ["two 1", "two 1"]);
  await settle(() => find("a").removeAttribute("label"));
  assert.equal(find("a").textContent, "1");
});

test("attributes that are no props draw nothing again", async () => {
  await write(`<mizan-island id="a" name="Counter" label="one"></mizan-island>`);
  await mount({ Counter });
  await settle(() => {
    find("a").className = "htmx-settling";
    find("a").setAttribute("data-x", "1");
    find("a").setAttribute("label", "one");
  });
  assert.equal(drawn.length, 1);
});

test("an element that asks for another component, or for none, gets that", async () => {
  const Other = () => "other";
  await write(`<mizan-island id="a" name="Counter"></mizan-island><div id="b"></div>`);
  await mount({ Counter, Other });
  await settle(() => find("a").setAttribute("name", "Other"));
  assert.equal(find("a").textContent, "other");
  assert.equal(mounted, 0);
  await settle(() => find("b").setAttribute("data-mizan-island", "Counter"));
  assert.equal(mounted, 1);
  await settle(() => find("b").removeAttribute("data-mizan-island"));
  assert.equal(mounted, 0);
  assert.equal(find("b").innerHTML, "");
  assert.deepEqual(told, []);
});

test("what an element shows until it is mounted is replaced, with the islands in it", async () => {
  await write(
    `<mizan-island id="a" name="Counter"><i data-mizan-island="Counter"></i>loading</mizan-island>`,
  );
  await mount({ Counter });
  assert.equal(find("a").textContent, "0");
  assert.equal(drawn.length, 1);
});

test("what an island draws may have islands", async () => {
  const inner = { "data-mizan-island": "Counter", "data-props": '{"label": "inner"}' };
  const Outer = () => createElement("p", null, createElement("i", inner));
  await write(`<mizan-island id="a" name="Outer"></mizan-island>`);
  await mount({ Counter, Outer });
  assert.equal(find("a").textContent, "inner 0");
  await settle(() => find("a").remove());
  assert.equal(mounted, 0);
});

test("neither what a template holds nor what is in a shadow root is mounted", async () => {
  const html = `<mizan-island name="Counter"></mizan-island>`;
  await mount({ Counter });
  await write(`<template>${html}</template><div id="host"></div>`);
  await settle(() => {
    find("host").attachShadow({ mode: "open" }).innerHTML = html;
    document.querySelector("template").content.append(document.createElement("b"));
  });
  assert.equal(mounted, 0);
  assert.deepEqual(told, []);
  await settle(() => find("host").append(document.querySelector("template").content.firstChild));
  assert.equal(mounted, 1);
});

test("it may be called again with more components, and with newer ones", async () => {
  await write(`<mizan-island id="a" name="Counter"></mizan-island><mizan-island id="b" name="Other">
    </mizan-island>`);
  await settle(() => {
    stops.push(mountIslands({ Counter }), mountIslands({ Other: () => "other" }));
  });
  assert.deepEqual(texts(), ["0", "other"]);
  assert.equal(mounted, 1);
  await mount({ Other: () => "newer" });
  assert.deepEqual(texts(), ["0", "newer"]);
  assert.deepEqual(told, []);
  // Who registered the older one has no say any more.
  await settle(() => stops.splice(1, 1)[0]());
  assert.deepEqual(texts(), ["0", "newer"]);
});

test("what it returns unmounts its islands, and mounts no more", async () => {
  await write(
    `<mizan-island id="a" name="Counter"></mizan-island><i id="b" data-mizan-island="Other"></i>`,
  );
  await settle(() => {
    stops.push(mountIslands({ Counter }), mountIslands({ Other: () => "other" }));
  });
  await settle(() => stops.shift()());
  assert.deepEqual(texts(), ["", "other"]);
  await settle(() => stops.shift()());
  assert.deepEqual(texts(), ["", ""]);
  await write(`<mizan-island id="a" name="Counter"></mizan-island>`);
  assert.deepEqual(texts(), [""]);
  assert.deepEqual(told, []);
  await mount({ Counter });
  assert.deepEqual(texts(), ["0"]);
});

test("each is drawn inside of what wrap gives, StrictMode for example", async () => {
  const Theme = createContext("light");
  const Themed = ({ name }) => `${name} ${useContext(Theme)}`;
  await write(`<mizan-island id="a" name="Themed" props='{"name": "Ada"}'></mizan-island>
    <mizan-island id="b" name="Counter"></mizan-island>`);
  const wrap = (island) =>
    createElement(StrictMode, null, createElement(Theme.Provider, { value: "dark" }, island));
  await mount({ Counter, Themed }, { wrap });
  assert.deepEqual(texts(), ["Ada dark", "0"]);
  assert.equal(mounted, 1);
  assert.ok(drawn.length > 1, "StrictMode draws twice");
  await settle(() => find("b").remove());
  assert.equal(mounted, 0);
});

/** Does something as a page does it: `act` would throw what a component throws. */
async function perform(action) {
  globalThis.IS_REACT_ACT_ENVIRONMENT = false;
  action();
  await idle();
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
}

test("a component that throws takes no other one along, and is named in one line", async () => {
  await write(`<mizan-island id="a" name="Broken"></mizan-island>
    <mizan-island id="b" name="Counter"></mizan-island>`);
  await perform(() => stops.push(mountIslands({ Broken, Counter })));
  assert.deepEqual(texts(), ["", "0"]);
  assert.deepEqual(told, [["Island Broken: its component has failed", "a", "broken"]]);
  await perform(() => find("a").setAttribute("broken", "false"));
  assert.equal(find("a").textContent, "whole", "other props are another chance");
  await perform(() => find("a").setAttribute("broken", "true"));
  assert.deepEqual(texts(), ["", "0"]);
  assert.equal(told.length, 2);
  await perform(() => find("a").setAttribute("broken", "false"));
  assert.deepEqual(texts(), ["whole", "0"]);
});

test("a wrap that throws is told of, too", async () => {
  await write(
    `<mizan-island id="a" name="Broken"></mizan-island><i id="b" data-mizan-island="Counter"></i>`,
  );
  const wrap = () => {
    throw new RangeError("torn");
  };
  await settle(() => {
    stops.push(mountIslands({ Broken }, { wrap }), mountIslands({ Counter }));
  });
  await later();
  assert.deepEqual(told, [["Island Broken: it cannot be drawn", "a", "torn"]]);
  assert.deepEqual(texts(), ["", "0"]);
});

/** Lets timers go off that were set for the next turn. */
const later = () => settle(() => new Promise((resolve) => setTimeout(resolve)));

test("a name that nobody has given, and props that are no JSON, are told of once, and the others mounted", async () => {
  await write(`<mizan-island id="a" name="Conuter" label="x"></mizan-island>
    <mizan-island id="b" name="Counter" props="{label: 1}"></mizan-island>
    <div id="c" data-mizan-island="Counter" data-props="[1]"></div>
    <div id="d" data-mizan-island="Counter" data-props="5"></div>
    <mizan-island id="e"></mizan-island>
    <mizan-island id="f" name="Counter"></mizan-island>`);
  await mount({ Counter });
  await later();
  const unknown = "mountIslands was given no component of that name";
  assert.deepEqual(
    told.map(([message, id]) => [id, message]),
    [
      ["a", `Island Conuter: ${unknown}`],
      ["b", "Island Counter: its props are no JSON object"],
      ["c", "Island Counter: its props are no JSON object"],
      ["d", "Island Counter: its props are no JSON object"],
      ["e", `Island : ${unknown}`],
    ],
  );
  assert.deepEqual(texts(), ["", "", "", "", "", "0"]);
  await settle(() => {
    find("a").className = "x";
    find("b").setAttribute("props", `{"label": 1}`);
    find("e").setAttribute("name", "Counter");
  });
  await later();
  assert.equal(told.length, 5);
  assert.deepEqual(texts(), ["", "1 0", "", "", "0", "0"]);
});

test("props that cannot be read leave what is shown as it is", async () => {
  await write(`<div id="a" data-mizan-island="Counter" data-props='{"label": "one"}'></div>`);
  await mount({ Counter });
  await settle(() => find("a").setAttribute("data-props", "{"));
  await later();
  assert.equal(find("a").textContent, "one 0");
  assert.equal(told.length, 1);
});

test("a component that comes with another script is no mistake of the page", async () => {
  await write(`<mizan-island id="a" name="Late"></mizan-island>`);
  Object.defineProperty(document, "readyState", { value: "interactive", configurable: true });
  await mount({ Counter });
  await later();
  await mount({ Late: () => "late" });
  delete document.readyState;
  window.dispatchEvent(new Event("load"));
  assert.deepEqual(told, []);
  assert.deepEqual(texts(), ["late"]);
});

test("while the page is parsed, it waits for the end of that", async () => {
  await write(`<mizan-island id="a" name="Counter"></mizan-island>`);
  Object.defineProperty(document, "readyState", { value: "loading", configurable: true });
  await mount({ Counter });
  assert.deepEqual(texts(), [""]);
  await settle(() => find("a").append("the rest of it"));
  delete document.readyState;
  await settle(() => document.dispatchEvent(new Event("DOMContentLoaded")));
  assert.deepEqual(texts(), ["0"]);
});

test("who stops before the page is parsed has begun nothing", async () => {
  await write(`<mizan-island id="a" name="Counter"></mizan-island>`);
  Object.defineProperty(document, "readyState", { value: "loading", configurable: true });
  mountIslands({ Counter })();
  delete document.readyState;
  await settle(() => document.dispatchEvent(new Event("DOMContentLoaded")));
  await later();
  assert.deepEqual(texts(), [""]);
  assert.deepEqual(told, []);
});

test("a mistake that has left the page is not told of", async () => {
  Object.defineProperty(document, "readyState", { value: "interactive", configurable: true });
  await mount({ Counter });
  await write(
    `<mizan-island name="Conuter"></mizan-island><mizan-island id="b" name="Conuter"></mizan-island>`,
  );
  document.body.firstChild.remove();
  delete document.readyState;
  window.dispatchEvent(new Event("load"));
  assert.deepEqual(
    told.map(([, id]) => id),
    ["b"],
  );
});

test("two copies of the package mount an element once", async () => {
  const copy = await import(`${import.meta.resolve("@mizan/runtime/islands")}?copy`);
  await write(`<mizan-island id="a" name="Counter"></mizan-island>
    <mizan-island id="b" name="Other"></mizan-island>`);
  await settle(() => {
    stops.push(mountIslands({ Counter }), copy.mountIslands({ Counter, Other: () => "other" }));
  });
  await later();
  assert.equal(mounted, 1);
  assert.deepEqual(texts(), ["0", "other"]);
  assert.deepEqual(told, []);
});

test("an island that somebody else has emptied leaves without taking others along", async () => {
  await write(`<mizan-island id="a" name="Counter"></mizan-island>
    <mizan-island id="b" name="Counter"></mizan-island>`);
  await mount({ Counter });
  await perform(() => find("a").replaceChildren());
  await perform(() => document.body.replaceChildren());
  assert.equal(mounted, 0);
  assert.deepEqual(
    told.map(([message]) => message),
    ["Island Counter: somebody else has changed what React has drawn"],
  );
});
