import assert from "node:assert/strict";
import { test } from "node:test";
import { configure, contextKey, InvalidKey, mizanFetch, registerContext } from "@mizan/runtime";
import { outcome, Server } from "./server.mjs";

const LEGAL = [
  ["undefined is not given", undefined, "c"],
  ["null is not given", null, "c"],
  ["the empty string is given", "", "c?a="],
  ["an integer", 5, "c?a=5"],
  ["minus zero", -0, "c?a=0"],
  ["the largest integer", Number.MAX_SAFE_INTEGER, "c?a=9007199254740991"],
  ["a small number", 1e-7, "c?a=1e-7"],
  ["a bigint", 5n, "c?a=5"],
  ["the smallest bigint", BigInt(Number.MIN_SAFE_INTEGER), "c?a=-9007199254740991"],
  ["a boolean", false, "c?a=false"],
  ["a pair of surrogates", "\ud83d\ude00", "c?a=%F0%9F%98%80"],
  ["a text with the marks of a query", "&b=1#?", "c?a=%26b%3D1%23%3F"],
];

for (const [what, value, expected] of LEGAL) {
  test(`${what} is legal`, () => assert.equal(contextKey("c", { a: value }), expected));
}

const ILLEGAL = [
  ["NaN", Number.NaN],
  ["infinity", Number.POSITIVE_INFINITY],
  ["minus infinity", Number.NEGATIVE_INFINITY],
  ["2^53", 2 ** 53],
  ["-2^53", -(2 ** 53)],
  ["1e20", 1e20],
  ["1e21, which prints with an exponent", 1e21],
  ["-1e21", -1e21],
  ["the largest float", Number.MAX_VALUE],
  ["a large bigint", 2n ** 53n],
  ["a huge bigint", 10n ** 40n],
  ["a lone surrogate", "\ud800"],
  ["a surrogate the wrong way round", "a\udc00b"],
  ["an object", {}],
  ["a list", [5]],
  ["an empty list", []],
  ["a date", new Date(0)],
  ["a Number object", Object(5)],
  ["a function", () => 5],
  ["a symbol", Symbol("5")],
];

for (const [what, value] of ILLEGAL) {
  test(`${what} is refused by its param`, () => {
    const refused = (error) => {
      assert.ok(error instanceof InvalidKey, String(error));
      assert.ok(error instanceof TypeError);
      return true;
    };
    assert.throws(() => contextKey("c", { a: value }), refused);
    assert.throws(() => registerContext("c", { a: value }), refused);
  });
}

test("mizanFetch rejects instead of throwing, and asks nobody", async () => {
  const server = new Server();
  configure({ cache: true, fetch: server.fetch });
  const { error } = await outcome(mizanFetch("c", { a: Number.NaN }));
  assert.ok(error instanceof InvalidKey);
  assert.equal(server.requests.length, 0);
});

test("a context's name is no way into another key", () => {
  for (const name of ["c?a=1", "c&a", "c,d", "c/d", "../session", "", "*", "c\n", "\ud800", "é"]) {
    assert.throws(() => contextKey(name), InvalidKey, name);
  }
});

test("a param's name is no way into another param", () => {
  for (const name of ["a=1&b", "$a", "#a", "", "a b", "A", "__proto__x", "é", "\ud800"]) {
    assert.throws(() => contextKey("c", { [name]: 1 }), InvalidKey, name);
  }
});

test("only the params' own members count", () => {
  assert.equal(contextKey("c", Object.create({ a: 1 })), "c");
  assert.equal(contextKey("c", null), "c");
  assert.equal(contextKey("c"), "c");
  assert.throws(() => contextKey("c", JSON.parse('{"__proto__": 1}')), InvalidKey);
});
