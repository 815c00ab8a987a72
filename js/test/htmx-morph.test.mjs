// A part of the page becomes what a newer one is (js/src/morph.ts), in jsdom: which elements stay, and what somebody
// has done to them. Any two trees may meet; of random ones, the result is the newer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><body>", { url: "http://server.test/" });
const { document } = window;
const { HTMLTemplateElement, Element } = window;
Object.assign(globalThis, { document, HTMLTemplateElement, Element });

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("../src/morph.ts", import.meta.url))],
  bundle: true,
  format: "esm",
  write: false,
});
const { morph } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);

function contentOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** The page shows a part. */
function show(html) {
  document.body.innerHTML = `<main>${html}</main>`;
  return document.querySelector("main");
}

const $ = (selector) => document.querySelector(selector);

/** The part becomes another one; says what its HTML is then. */
function become(html, root = $("main")) {
  morph(root, contentOf(html));
  return root.innerHTML;
}

test("the content of an element becomes that of the newer one", () => {
  for (const [old, html] of [
    ["", "<p>1</p>"],
    ["<p>1</p>", ""],
    ["a", "b"],
    ["<p>1</p> text <!-- c -->", "<!-- d --><p>2</p> other"],
    ["<ul><li>1</li><li>2</li></ul>", "<ul><li>0</li><li>1</li><li>2</li></ul>"],
    ["<b>1</b><i>2</i>", "<i>2</i><b>1</b>"],
    ["<p class='a' title='t'>1</p>", "<p class='b' data-x='1'>1</p>"],
    ["<template><p>1</p></template>", "<template><p>2</p><i></i></template>"],
    [
      "<svg viewBox='0 0 1 1'><a xlink:href='#a'></a></svg>",
      "<svg viewBox='0 0 2 2'><a xlink:href='#b'></a></svg>",
    ],
    ["<p @click='x'>1</p>", "<p @click='y' :a='1'>1</p>"],
  ]) {
    show(old);
    const expected = document.createElement("main");
    expected.append(contentOf(html));
    assert.equal(become(html), expected.innerHTML);
  }
});

test("an element becomes the one with its id, attributes and all", () => {
  show(`<section id="s" class="a" mizan-context="user">1</section>`);
  const section = $("#s");
  morph(section, contentOf(`<section id="s" mizan-context="board">2</section>`).firstChild);
  assert.equal($("#s"), section);
  assert.equal(section.outerHTML, `<section id="s" mizan-context="board">2</section>`);
});

test("an element of another kind takes its place", () => {
  show(`<section id="s">1</section>`);
  morph($("#s"), contentOf(`<article id="s">2</article>`).firstChild);
  assert.equal($("main").innerHTML, `<article id="s">2</article>`);
});

test("an element with an id stays the same one, wherever it goes", () => {
  show(`<ul id="a"><li id="x">x</li><li id="y">y</li></ul><ul id="b"></ul>`);
  const [x, y] = [$("#x"), $("#y")];
  x.scrollTop = 7;
  become(`<ul id="a"><li id="y">y</li></ul><ul id="b"><li id="x">X</li></ul>`);
  assert.equal($("#b").firstChild, x);
  assert.equal($("#a").firstChild, y);
  become(
    `<div><p id="new"><b id="y">other kind</b></p><ul id="a"><li><ol><li id="x">x</li></ol></li></ul></div>`,
  );
  assert.equal($("#a li ol").firstChild, x);
  assert.notEqual($("#y"), y);
});

test("a row without an id is known by an id in it, and by what it says", () => {
  show(`<li><input id="i1"></li><li><input id="i2"></li>`);
  const row = $("#i2").parentNode;
  become(`<li><input id="i2"></li><li><input id="i3"></li><li><input id="i1"></li>`);
  assert.equal($("#i2").parentNode, row);
  show(`<li>one <input></li><li>two <input></li>`);
  const [one, two] = $("main").children;
  one.lastChild.value = "typed";
  become(`<li>zero <input></li><li>one <input></li><li>two <input></li>`);
  assert.deepEqual([...$("main").children].slice(1), [one, two]);
  assert.equal(one.lastChild.value, "typed");
});

test("what htmx and the script have set makes no row another one, and stays", () => {
  show(`<li data-htmx-powered="true">one</li><li mizan-stale="" id="t">two</li>`);
  const [one] = $("main").children;
  become(`<li>zero</li><li>one</li><li id="t">two</li>`);
  assert.equal($("main").children[1], one);
  assert.ok(one.hasAttribute("data-htmx-powered") && $("#t").hasAttribute("mizan-stale"));
});

test("what was typed stays, and what was not follows the server", () => {
  show(
    `<input name="a" value="1"><input name="b" value="1"><textarea>1</textarea><textarea id="t">1</textarea>`,
  );
  const [a, b] = $("main").children;
  a.value = "typed";
  b.value = "typed";
  b.value = "1";
  $("#t").value = "typed";
  become(
    `<input name="a" value="2"><input name="b" value="2"><textarea>2</textarea><textarea id="t">2</textarea>`,
  );
  assert.deepEqual(
    [...$("main").children].map(({ value }) => value),
    ["typed", "2", "2", "typed"],
  );
});

test("what was chosen stays until the server chooses otherwise", () => {
  const choices = (first, second) => `<input type="checkbox" name="c" ${first}>
    <select><option>1</option><option ${second}>2</option><option>3</option></select>`;
  show(choices("", "selected"));
  const [box, select] = $("main").children;
  box.checked = true;
  select.selectedIndex = 2;
  become(choices("", "selected"));
  assert.deepEqual([box.checked, select.selectedIndex], [true, 2]);
  become(choices("checked", ""));
  assert.deepEqual([box.checked, select.selectedIndex], [true, 2]);
  become(choices("", "selected"));
  assert.deepEqual([box.checked, select.selectedIndex], [false, 1]);
});

test("a hidden field has the server's value", () => {
  show(`<input type="hidden" name="token" value="1">`);
  $("input").value = "changed";
  become(`<input type="hidden" name="token" value="2">`);
  assert.equal($("input").value, "2");
});

test("what a click has opened stays open", () => {
  show(`<details><summary>s</summary>1</details>`);
  $("details").open = true;
  become(`<details><summary>s</summary>2</details>`);
  assert.ok($("details").open);
});

test("a form with fields that are called like members of it is the same form", () => {
  const form = (text) =>
    `<form action="/"><input name="id" value="1"><input name="name"><input name="type">${text}</form>`;
  show(form(1));
  const [was] = $("main").children;
  was.elements[1].value = "typed";
  assert.equal(become(form(2)), form(2));
  assert.equal($("form"), was);
  assert.equal(was.elements[1].value, "typed");
});

test("the focus stays where it is, with the selection", () => {
  show(`<p>1</p><input id="i" value="abc"><p>2</p>`);
  const input = $("#i");
  input.focus();
  input.setSelectionRange(1, 2);
  // It is not even taken out: everything else is moved around it.
  let left = 0;
  input.addEventListener("blur", () => left++);
  become(`<input id="i" value="abc"><b>new</b><p>2</p><p>1</p>`);
  assert.deepEqual(
    [document.activeElement, input.selectionStart, input.selectionEnd],
    [input, 1, 2],
  );
  become(`<div id="d"><p>1</p><div><input id="i" value="abc"></div></div>`);
  assert.deepEqual(
    [document.activeElement, input.selectionStart, input.selectionEnd],
    [input, 1, 2],
  );
  assert.equal(left, 0);
});

test("the focus goes to the element with the id of the one that had it", () => {
  show(`<input id="i">`);
  $("#i").focus();
  become(`<p><textarea id="i">abc</textarea></p>`);
  assert.equal(document.activeElement, $("#i"));
});

test("what is to be preserved is not touched, and goes where the server puts it", () => {
  show(`<video id="v" hx-preserve>1</video><p hx-morph-skip>1</p>`);
  const video = $("#v");
  assert.equal(
    become(`<p hx-morph-skip>2</p><div><video id="v" hx-preserve src="other">2</video></div>`),
    `<p hx-morph-skip="">1</p><div><video id="v" hx-preserve="">1</video></div>`,
  );
  assert.equal($("#v"), video);
});

test("an island gets its attributes, and keeps what is in it", () => {
  show(
    `<mizan-island name="A" user_id="5"><b>drawn</b></mizan-island><div data-mizan-island="B" data-props="1">drawn</div>`,
  );
  assert.equal(
    become(
      `<mizan-island name="A" user_id="6"></mizan-island><div data-mizan-island="B" data-props="2"></div>`,
    ),
    `<mizan-island name="A" user_id="6"><b>drawn</b></mizan-island><div data-mizan-island="B" data-props="2">drawn</div>`,
  );
});

test("htmx looks at what is new, forgets what is gone, and begins anew with what has changed", () => {
  const processed = [];
  globalThis.htmx = {
    process: (element, force) =>
      processed.push([element.outerHTML.replace(/>.*/, ">"), element.isConnected, !!force]),
  };
  try {
    show(`<a id="a" hx-get="/1">a</a><a id="b" hx-get="/1">b</a>`);
    become(`<a id="a" hx-get="/2">a</a>`);
  } finally {
    delete globalThis.htmx;
  }
  assert.deepEqual(processed, [
    [`<a id="b" hx-get="/1" hx-ignore="" hx-disable="">`, true, true],
    [`<a id="a" hx-get="/2">`, true, true],
    ["<main>", true, false],
  ]);
});

/** A series of numbers below a limit that looks random (xorshift32). */
function random(seed) {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** A random tree. Each id is in it once. */
function tree(next, ids, depth = 0) {
  let html = "";
  for (let count = next(5); count; count--) {
    const kind = next(10);
    if (kind < 2) {
      html += ["text", "other", " "][next(3)];
    } else if (kind === 2) {
      html += `<!--${next(2)}-->`;
    } else {
      const name = ["section", "div", "span", "ul"][next(4)];
      const id = next(2) ? ids.splice(next(ids.length), 1)[0] : undefined;
      const attributes = `${id ? ` id="${id}"` : ""}${next(3) ? "" : ` class="${next(2)}"`}`;
      html += `<${name}${attributes}>${depth < 3 ? tree(next, ids, depth + 1) : ""}</${name}>`;
    }
  }
  return html;
}

test("of any two trees, the older becomes the newer, and each element that has its id and its kind in both stays", () => {
  let kept = 0;
  for (let seed = 1; seed <= 2000; seed++) {
    const next = random(seed * 7919);
    const ids = () => ["a", "b", "c", "d", "e", "f", "g", "h"];
    const [old, html] = [tree(next, ids()), tree(next, ids())];
    show(old);
    const before = new Map([...document.querySelectorAll("main [id]")].map((it) => [it.id, it]));
    const expected = document.createElement("main");
    expected.append(contentOf(html));
    become(html);
    // Texts side by side are one in HTML.
    assert.equal($("main").innerHTML, expected.innerHTML, `seed ${seed}: ${old} to ${html}`);
    for (const element of document.querySelectorAll("main [id]")) {
      const was = before.get(element.id);
      if (was?.nodeName === element.nodeName) {
        assert.equal(element, was, `seed ${seed}: #${element.id} of ${old} to ${html}`);
        kept++;
      }
    }
  }
  assert.ok(kept > 500, `${kept}`);
});
