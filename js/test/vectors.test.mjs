// The shared vectors through the built package. Their format: tests/vectors/README.md.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  configure,
  contextKey,
  formatInvalidateHeader,
  InvalidHeader,
  InvalidKey,
  invalidate,
  parseInvalidateHeader,
  registerContext,
} from "@mizan/runtime";
import { idle, Server } from "./server.mjs";

const MEMBERS = {
  K: ["id", "name", "note", "input", "expected", "must_fail", "at"],
  M: ["id", "name", "note", "invalidation", "key", "expected"],
  H: ["id", "name", "note", "kind", "input", "expected", "must_fail", "position", "limit"],
};

/** Runs every case of a file, and says all that fail. `check` says whether it ran the case. */
async function run(file, letter, skipped, check) {
  const text = readFileSync(new URL(`../../tests/vectors/${file}`, import.meta.url), "utf8");
  const cases = JSON.parse(text);
  const failures = [];
  const ids = new Set();
  let ran = 0;
  for (const each of cases) {
    try {
      assert.match(each.id, new RegExp(`^${letter}\\d+$`));
      assert.deepEqual(
        Object.keys(each).filter((key) => !MEMBERS[letter].includes(key)),
        [],
      );
      assert.notEqual("expected" in each, "must_fail" in each, "either expected or must_fail");
      ids.add(each.id);
      if ((await check(each)) !== false) {
        ran++;
      }
    } catch (error) {
      failures.push(`${each.id} (${each.name}): ${error.message}`);
    }
  }
  assert.equal(failures.join("\n"), "");
  assert.equal(ids.size, cases.length, "an id is used twice");
  assert.ok(ran > 0);
  assert.equal(ran, cases.filter((each) => !skipped(each)).length, "every case ran");
}

const none = () => false;

test("keys", async () => {
  await run("keys.json", "K", none, ({ input, expected, must_fail, at }) => {
    const key = () => contextKey(input.context, input.params);
    if (must_fail) {
      assert.throws(
        key,
        (error) => error instanceof InvalidKey && error.message.includes(at ?? ""),
      );
      assert.throws(() => registerContext(input.context, input.params), InvalidKey);
    } else {
      assert.equal(key(), expected);
      const reversed = Object.fromEntries(Object.entries(input.params).reverse());
      assert.equal(contextKey(input.context, reversed), expected);
      assert.equal(registerContext(input.context, input.params).key, expected);
    }
  });
});

test("matches, by what a page fetches again", async () => {
  configure({ fetch: new Server().fetch });
  await run("matches.json", "M", none, async ({ invalidation, key, expected }) => {
    const registration = registerContext(key.context, key.params);
    registration.subscribe(() => {});
    await idle();
    assert.equal(registration.getSnapshot().isStale, false);
    invalidate([invalidation]);
    assert.equal(registration.getSnapshot().isFetching, expected);
    await idle();
    registration.release();
  });
});

test("headers", async () => {
  // The package's own limit is the only one that it knows.
  const limited = (each) => "limit" in each;
  await run("header.json", "H", limited, (each) => {
    const { kind, input, expected, must_fail, position } = each;
    if (limited(each)) {
      return false;
    }
    if (kind === "format") {
      assert.equal(formatInvalidateHeader(input), expected);
      assert.deepEqual(parseInvalidateHeader(expected), input);
      return true;
    }
    assert.equal(kind, "parse");
    const text = input.join(", ");
    if (must_fail) {
      const there = (error) => {
        assert.ok(error instanceof InvalidHeader, String(error));
        assert.equal(error.position, position);
        return true;
      };
      assert.throws(() => parseInvalidateHeader(text), there);
    } else {
      const list = parseInvalidateHeader(text);
      assert.deepEqual(list, expected);
      assert.deepEqual(parseInvalidateHeader(formatInvalidateHeader(list)), expected);
    }
    return true;
  });
});
