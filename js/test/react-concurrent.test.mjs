// Values that change while React draws in slices of time: what it shows of a context is of one version, whatever
// arrives meanwhile. The scenarios are those that stores are usually compared by. Where a store that React
// reads as a whole cannot do what React's own state can, the name of the test says "by design".
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { invalidate, mizanCall, mizanFetch, registerContext } from "@mizan/runtime";
import {
  createElement as h,
  useDeferredValue,
  useLayoutEffect,
  useState,
  useTransition,
} from "react";
import { board, define, server, user } from "./react.mjs";
import {
  commits,
  drawn,
  everywhere,
  finish,
  open,
  READERS,
  slow,
  turns,
  untorn,
} from "./slices.mjs";

let Provider;
let useVersion;
/** The calls that the server has not answered. */
let calls;

beforeEach(() => {
  const defined = define(user, []);
  ({ Provider } = defined);
  useVersion = () => defined.useMember("version").data;
  calls = [];
  server.onCall((request) => calls.push(request));
});

/** Shows another value at once, as a patch does, until the server has answered. */
function change(update) {
  mizanCall("change", {}, { optimistic: [{ context: user, update: { version: update } }] });
}
const set = (value) => change(() => value);

/** The server's word for everything that was patched. */
async function confirm(version) {
  server.version = version;
  for (const request of calls.splice(0)) {
    request.answer({ result: null, invalidate: [user] });
  }
  await finish();
}

/** One reader and, as soon as `show()` is called in a transition, fifty slow ones that read the same. */
async function openReaders({ useText = useVersion, effect, shown = false, strict }) {
  const page = {};
  const Slow = slow(useText);
  const After = () => {
    useLayoutEffect(() => effect?.(), []);
    return null;
  };
  const Main = () => {
    const [isShown, setShown] = useState(shown);
    const [clicked, click] = useState("");
    const [isPending, start] = useTransition();
    const show = () => start(() => setShown(true));
    Object.assign(page, { show, start });
    const readers = Array.from({ length: READERS }, (_, key) => h(Slow, { key }));
    return [
      h(
        "button",
        { key: "button", type: "button", onClick: () => click("clicked") },
        clicked,
        isPending && " pending",
      ),
      h("b", { key: "main" }, useText()),
      isShown && h("p", { key: "slow" }, readers, h(After, { key: "after" })),
    ];
  };
  return Object.assign(page, await open(h(Provider, null, h(Main)), { strict }));
}

test("a reader that looks past React shows two versions in one commit: these tests would see it", async () => {
  const registration = registerContext(user);
  const page = await openReaders({ useText: () => registration.getSnapshot().data?.version });
  page.show();
  await turns(10);
  set(1);
  await finish();
  assert.throws(untorn, /one commit shows 0 and 1/);
  await confirm(1);
});

for (const strict of [false, true]) {
  const mode = strict ? ", in StrictMode" : "";
  const times = strict ? 2 : 1;

  test(`transition: an update tears nothing, neither for a moment nor in the end${mode}`, async () => {
    const page = await openReaders({ shown: true, strict });
    for (const value of [1, 2, 3, 4, 5]) {
      page.start(() => set(value));
      await turns(10);
    }
    await finish();
    assert.deepEqual(page.texts(), everywhere(5));
    await confirm(5);
    assert.deepEqual(page.texts(), everywhere(5));
    assert.deepEqual(untorn(), ["1", "2", "3", "4", "5"]);
  });

  test(`transition: a mount tears nothing, neither for a moment nor in the end, while the value changes${mode}`, async () => {
    const page = await openReaders({ strict });
    page.show();
    for (const value of [1, 2, 3, 4, 5]) {
      const before = drawn;
      await turns(8);
      assert.ok(drawn > before + 1 && page.texts().length === 1, "in the middle of it");
      set(value);
    }
    await finish();
    assert.deepEqual(page.texts(), everywhere(5));
    await confirm(5);
    assert.deepEqual(untorn(), ["0", "1", "2", "3", "4", "5"]);
  });

  test(`transition: an answer that arrives in the middle of a mount tears nothing${mode}`, async () => {
    const page = await openReaders({ strict });
    server.held = true;
    invalidate([user]);
    page.show();
    await turns(10);
    assert.ok(drawn > 1 && drawn < times * READERS && page.texts().length === 1);
    server.version = 7;
    server.release();
    await finish();
    assert.deepEqual(page.texts(), everywhere(7));
    assert.deepEqual(untorn(), ["0", "7"]);
  });

  test(`transition: a mount is drawn in slices, and what is urgent comes in between${mode}`, async () => {
    const page = await openReaders({ strict });
    page.show();
    await turns(10);
    const button = page.container.querySelector("button");
    button.click();
    await turns(1);
    assert.equal(button.textContent, "clicked pending");
    assert.equal(page.texts().length, 1);
    await finish();
    assert.equal(button.textContent, "clicked");
    assert.deepEqual(page.texts(), everywhere(0));
  });

  test(`by design, an update of a value is drawn at once and in one go, in a transition too${mode}`, async () => {
    const page = await openReaders({ shown: true, strict });
    page.start(() => set(1));
    await turns(1);
    assert.equal(drawn, times * READERS, "one turn");
    assert.deepEqual(page.texts(), everywhere(1));
    await confirm(1);
  });

  test(`by design, a value has no branches: an update in a transition lies under the urgent one after it${mode}`, async () => {
    const page = await openReaders({ shown: true, strict });
    set(1);
    await finish();
    page.start(() => change((version) => version + 1));
    change((version) => version * 2);
    await finish();
    // React's own state would show 2, the doubled one, and then 4, rebased on the update of the transition.
    assert.deepEqual(untorn(), ["1", "4"]);
    await confirm(4);
  });

  test(`deferred: an update tears nothing, neither for a moment nor in the end${mode}`, async () => {
    const page = await openReaders({
      useText: () => useDeferredValue(useVersion()),
      shown: true,
      strict,
    });
    for (const value of [1, 2, 3]) {
      set(value);
      await turns(10);
      assert.deepEqual(page.texts(), everywhere(0), "what is deferred is drawn in slices");
    }
    await finish();
    assert.deepEqual(page.texts(), everywhere(3));
    await confirm(3);
    assert.deepEqual(
      untorn(),
      ["0", "3"],
      "each update gives up what was begun for the one before",
    );
  });

  test(`deferred: a mount tears nothing, neither for a moment nor in the end, while the value changes${mode}`, async () => {
    const page = await openReaders({ useText: () => useDeferredValue(useVersion()), strict });
    page.show();
    for (const value of [1, 2, 3]) {
      await turns(8);
      assert.equal(page.texts().length, 1, "in the middle of it");
      set(value);
    }
    await finish();
    assert.deepEqual(page.texts(), everywhere(3));
    await confirm(3);
    assert.equal(untorn().at(-1), "3");
  });

  for (const [when, shown] of [
    ["a first mount", true],
    ["a mount in a transition", false],
  ]) {
    test(`what changes after ${when} is drawn and before its effects run is not missed${mode}`, async () => {
      // Otherwise the first mount has nothing to change.
      await mizanFetch(user);
      const page = await openReaders({ effect: () => set(1), shown, strict });
      if (!shown) {
        page.show();
        await finish();
        assert.deepEqual(untorn(), ["0", "1"]);
      }
      assert.deepEqual(page.texts(), everywhere(1));
      await confirm(2);
      assert.deepEqual(page.texts(), everywhere(2));
    });
  }

  test(`what changes in one turn is one commit: two calls, and two contexts of one call${mode}`, async () => {
    const other = define(board, []);
    const Both = () => h("b", null, `${useVersion()} ${other.useMember("version").data}`);
    const Other = () => h("i", null, other.useMember("version").data);
    await open(h(Provider, null, h(other.Provider, null, h(Both), h(Other))), { strict });
    const patch = (context, version) => ({ context, update: { version: () => version } });
    mizanCall("change", {}, { optimistic: [patch(user, 1), patch(board, 1)] });
    mizanCall("change", {}, { optimistic: [patch(user, 2)] });
    await finish();
    assert.deepEqual(commits, [["2 1"]]);
    await confirm(2);
  });
}
