// The traces of the machine of fragments, and what overlaps, through the twin that the package carries. Their
// format: tests/vectors/README.md. What crosses: core/src/fragments.rs, core/src/spec.rs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { lean } from "../twin.mjs";
import { assertTraces, cases } from "./cases.mjs";
import { Machine, members, optional, specs } from "./trace.mjs";

const root = new URL("../../", import.meta.url);

const twin = lean(readFileSync(new URL("target/wasm/fragments.twin.js", root), "utf8"));
// Not `Function`: these tests also run where no text becomes code.
const { default: create } = await import(
  `data:text/javascript,${encodeURIComponent(`export default () => { ${twin} };`)}`
);

const SOURCES = ["call", "header", "cookie", "tab", "local", "unknown"];
const text = optional("");
const fragment = optional(0);

/** The inputs: the number of each, its members, and what of them are its numbers and its texts. */
const INPUTS = {
  watch: [0, { fragment: "number", shows: "string" }, (it) => [[it.fragment], ["", "", it.shows]]],
  unwatch: [1, { fragment: "number" }, (it) => [[it.fragment]]],
  begin: [
    2,
    { request: "number", fragment, id: text },
    (it) => [[it.request, it.fragment], [it.id]],
  ],
  end: [
    3,
    { request: "number", status: "number", retry_after: optional(0) },
    (it) => [[it.request, it.status, it.retry_after]],
  ],
  dropped: [4, { fragment: "number" }, (it) => [[it.fragment]]],
  seen: [
    9,
    { request: optional(0), id: text, header: "string" },
    (it) => [[it.request], [it.id, "", it.header]],
  ],
  cookie: [10, { nonce: "string", header: "string" }, (it) => [[], [it.nonce, "", it.header]]],
  tab_invalidated: [
    11,
    { id: "string", list: "object" },
    (it) => [[], [it.id, "", "", specs(it.list)]],
  ],
  tab_identity: [12, { identity: "string" }, (it) => [[], [it.identity]]],
  invalidate: [13, { list: "object" }, (it) => [[], ["", "", "", specs(it.list)]]],
  configure: [
    14,
    { identity: text, seed: "number", retries: "number" },
    (it) => [[it.seed, it.retries], [it.identity]],
  ],
  visible: [15, "boolean", (it) => [[Number(it)]]],
  online: [16, "boolean", (it) => [[Number(it)]]],
  restored: [17, undefined, () => []],
  tick: [18, undefined, () => []],
  applied: [23, { nonce: "string" }, (it) => [[], [it.nonce]]],
};

function output([kind, number, detail], list) {
  switch (kind) {
    case 0:
      return { refresh: { fragment: number } };
    case 1:
      return { stale: { fragment: number } };
    case 2:
      return { fresh: { fragment: number } };
    case 3:
      return { failed: { fragment: number, status: detail } };
    case 6: {
      const [source, share] = [SOURCES[number & 7], (number & 8) > 0];
      return { invalidated: { source, share, request: detail, list: list.split(",") } };
    }
    case 9: {
      const what = ["list", "header", { fragment: number >>> 2 }][number & 3];
      return { malformed: { what, position: detail } };
    }
    case 10:
      return { timer: number ? detail : null };
    default:
      throw new Error(`unknown output ${kind}`);
  }
}

/** Plays a case to a new instance: the outputs of each step. */
function play(trace) {
  members(trace, { id: "string", name: "string", note: text, steps: "object" });
  assert.ok(trace.steps.length, "it has steps");
  const machine = new Machine(create());
  let now = 0;
  return trace.steps.map((step) => {
    const { at, input } = members(step, { at: "number", input: "any", outputs: "object" });
    assert.ok(at >= now, "time runs forwards");
    now = at;
    const [[kind, said] = [input], ...others] = Object.entries(Object(input)).filter(
      () => typeof input !== "string",
    );
    assert.ok(others.length === 0 && Object.hasOwn(INPUTS, kind), `unknown input ${kind}`);
    const [number, known, tell] = INPUTS[kind];
    const it = typeof known === "object" ? members(said, known) : said;
    assert.ok(typeof known === "object" || typeof it === (known ?? "undefined"), kind);
    const [numbers = [], texts = []] = tell(it);
    const { outputs, text: list } = machine.say(now, number, texts.join("\n"), numbers);
    return outputs.map((words) => output(words, list));
  });
}

test("the traces of fragments.json", () => {
  assertTraces("fragments.json", "F", play);
});

/** An invalidation of the vectors as a header has it, each value as a text. */
const header = (it) => (it.context ? Object.entries(it.params).reduce(withParam, it.context) : it);

function withParam(header, [name, value]) {
  const encoded = encodeURIComponent(value).replace(/%../g, (hex) => hex.toLowerCase());
  return value === null ? header : `${header};${name}=%"${encoded}"`;
}

test("what overlaps by overlaps.json makes a fragment stale, whichever of both it shows", () => {
  const all = cases("overlaps.json");
  const failures = [];
  for (const { id, name, invalidations, expected } of all) {
    for (const [shown, invalidated] of [invalidations, [...invalidations].reverse()]) {
      const machine = new Machine(create());
      machine.say(0, 0, `\n\n${header(shown)}`, [1]);
      const { outputs } = machine.say(0, 9, `\n\n${header(invalidated)}`, [0]);
      if (outputs.some(([kind]) => kind === 1) !== expected) {
        failures.push(`${id} (${name})`);
      }
    }
  }
  assert.equal(failures.join("\n"), "");
  assert.ok(all.length > 0);
});

test("a case that is not of the format is refused", () => {
  const step = { at: 0, input: { unwatch: { fragment: 1 } }, outputs: [] };
  const trace = { id: "F1", name: "", steps: [step] };
  assert.equal(play(trace).length, 1);
  const wrong = [
    { ...trace, more: 1 },
    { ...trace, steps: [] },
    { ...trace, steps: [{ ...step, more: 1 }] },
    ...[
      "ticks",
      "toString",
      { tick: {} },
      { unwatch: { fragment: 1, more: 1 } },
      { unwatch: {} },
      { unwatch: { fragment: 1 }, tick: null },
      { visible: 1 },
    ].map((input) => ({ ...trace, steps: [{ ...step, input }] })),
    { ...trace, steps: [{ ...step, at: 1 }, step] },
  ];
  for (const each of wrong) {
    assert.throws(() => play(each), Error, JSON.stringify(each));
  }
});
