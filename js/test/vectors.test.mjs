// The shared vectors through the built package. Their format: tests/vectors/README.md.
import assert from "node:assert/strict";
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
import { reading, visible } from "../../tests/reading.js";
import { cases } from "./cases.mjs";
import { idle, Server } from "./server.mjs";

const MEMBERS = {
  K: ["id", "name", "note", "input", "expected", "must_fail", "at"],
  M: ["id", "name", "note", "invalidation", "key", "expected"],
  H: ["id", "name", "note", "kind", "input", "expected", "must_fail", "position", "limit"],
  B: ["id", "name", "note", "old", "new", "expected", "must_fail"],
};

/** Runs every case of a file, and says all that fail. `check` says whether it ran the case. */
async function run(file, letter, skipped, check) {
  const all = cases(file);
  const failures = [];
  const ids = new Set();
  let ran = 0;
  for (const each of all) {
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
  assert.equal(ids.size, all.length, "an id is used twice");
  assert.ok(ran > 0);
  assert.equal(ran, all.filter((each) => !skipped(each)).length, "every case ran");
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

test("bodies, by which objects of a page are older ones", async () => {
  const server = new Server();
  configure({ fetch: server.fetch });
  await run("body.json", "B", none, async ({ id, old, new: text, expected, must_fail }) => {
    const registration = registerContext("body", { id });
    const answer = async (body) => {
      server.routes.set("/api/mizan/ctx/body/", (request) => request.answer(body));
      invalidate(["body"]);
      await idle();
      return registration.getSnapshot();
    };
    server.routes.set("/api/mizan/ctx/body/", (request) => request.answer(old ?? text));
    registration.subscribe(() => {});
    await idle();
    const before = old === null ? undefined : registration.getSnapshot().data;
    const { data, error } = await answer(text);
    registration.release();
    if (must_fail) {
      assert.equal(error?.status, 0);
      assert.ok(error.cause instanceof SyntaxError, String(error.cause));
      assert.equal(data, before);
      return;
    }
    assert.equal(error, undefined);
    const value = JSON.parse(text.replace(/^\ufeff/, ""));
    assert.deepStrictEqual(data, value);
    assert.equal(JSON.stringify(data), JSON.stringify(value), "the order of the members");
    if (old === null) {
      assert.equal(reading(before, data) === "same", false);
    } else {
      assert.deepStrictEqual(reading(before, data), visible(expected, value));
    }
    assert.equal(Object.getPrototypeOf(data), Object.getPrototypeOf(value));
  });
});
