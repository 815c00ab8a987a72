// Rendering in slices of time: what is drawn of a context is of one version, whatever arrives meanwhile.
// A slow component takes longer than a slice, by a clock that only the test moves, so that React draws one
// in each turn. The scenarios are those that stores are usually compared by; where a store that React
// reads as a whole cannot do what React's own state can, the name of the test says "by design".
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { invalidate, mizanCall, mizanFetch, registerContext } from "@mizan/runtime";
import { defineMemberSuspense } from "@mizan/runtime/react";
import {
  Component,
  createElement as h,
  memo,
  Profiler,
  Suspense,
  useDeferredValue,
  useLayoutEffect,
  useState,
  useTransition,
} from "react";
import { advance, spend } from "./clock.mjs";
import { answerContext, board, define, fetches, mount, server, user } from "./react.mjs";

const READERS = 50;
/** More than the five milliseconds that React draws at a stretch. */
const SLOW = 10;

let Provider;
let useVersion;
/** What each commit has shown: the texts of all readers. */
let commits;
/** How many slow readers were begun. */
let drawn;
/** The calls that the server has not answered. */
let calls;

beforeEach(() => {
  const defined = define(user, []);
  ({ Provider } = defined);
  useVersion = () => defined.useMember("version").data;
  commits = [];
  drawn = 0;
  calls = [];
  server.onCall((request) => calls.push(request));
});

/** React draws one slow component in each; answers have their turns, too. */
async function turns(count) {
  for (let turn = 0; turn < count; turn++) {
    await new Promise(setImmediate);
  }
}

/** Enough for everything that is left to draw. */
const finish = () => turns(6 * READERS);

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

/** Puts it on a page on which each commit is looked at; from then on React draws in slices. */
async function open(element, options) {
  let container;
  const texts = () => [...container.querySelectorAll("b")].map((b) => b.textContent);
  const onRender = () => container && commits.push(texts());
  ({ container } = await mount(h(Profiler, { id: "page", onRender }, element), options));
  globalThis.IS_REACT_ACT_ENVIRONMENT = false;
  commits = [];
  drawn = 0;
  return { container, texts };
}

function slow(useText) {
  return memo(function Slow() {
    const text = useText();
    drawn++;
    spend(SLOW);
    return h("b", null, text);
  });
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

/** A context that is addressed by a number and says which: pages on which another one is wanted. */
function definePerson() {
  const { context, Provider, useMember } = define(board, ["id"]);
  answerContext(board, (request) => {
    const [, id] = request.path.split("=");
    request.answer({ version: `${id}${server.version || ""}` });
  });
  return {
    Provider,
    useText: () => useMember("version").data ?? "nothing",
    useTextSuspense: defineMemberSuspense(context, "version"),
  };
}

/** Shows fifty slow readers of the person that `want(id)` asks for in a transition, and the one that is asked for. */
async function openPerson(strict, place, useSuspense = true) {
  const person = definePerson();
  const Slow = slow(useSuspense ? person.useTextSuspense : person.useText);
  const readers = Array.from({ length: READERS + 1 }, (_, key) => h(Slow, { key }));
  const page = {};
  const App = () => {
    const [id, setId] = useState(5);
    const [isPending, start] = useTransition();
    page.want = (id) => start(() => setId(id));
    return [
      h("i", { key: "pending" }, isPending && "pending"),
      place(person.Provider, id, readers),
    ];
  };
  Object.assign(page, await open(h(App), { strict }));
  page.isPending = () => page.container.querySelector("i").textContent === "pending";
  return page;
}

class Boundary extends Component {
  state = {};
  static getDerivedStateFromError(error) {
    return { error };
  }
  render() {
    const { error } = this.state;
    return error ? h("b", null, `failed ${error.status}`) : this.props.children;
  }
}

const WAITING = h("b", null, "waiting");
const PLACES = [
  [
    "inside of the provider",
    (Provider, id, readers) =>
      h(Provider, { id, key: "page" }, h(Suspense, { fallback: WAITING }, readers)),
  ],
  [
    "around the provider",
    (Provider, id, readers) =>
      h(Suspense, { fallback: WAITING, key: "page" }, h(Provider, { id }, readers)),
  ],
];

const everywhere = (text) => Array(READERS + 1).fill(String(text));

/** Each commit has shown one text everywhere. Gives those texts, in order, without repetitions. */
function untorn() {
  const texts = commits.map((texts) => {
    const different = [...new Set(texts)];
    assert.equal(different.length, 1, `one commit shows ${different.join(" and ")}`);
    return different[0];
  });
  return texts.filter((text, at) => text !== texts[at - 1]);
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
      drawn = 0;
      await turns(8);
      assert.ok(drawn > 1 && page.texts().length === 1, "in the middle of it");
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

for (const strict of [false, true]) {
  const mode = strict ? ", in StrictMode" : "";

  for (const [where, place] of PLACES) {
    test(`transition: the old person stays until the new one is there, with a boundary ${where}${mode}`, async () => {
      const page = await openPerson(strict, place);
      server.held = true;
      page.want(6);
      await finish();
      assert.ok(page.isPending());
      assert.deepEqual(page.texts(), everywhere(5));
      server.release();
      await finish();
      assert.ok(!page.isPending());
      assert.deepEqual(untorn(), ["5", "6"], "and nobody has seen the fallback");
      assert.equal(fetches(`${board}?id=6`), 1);
    });

    test(`transition: who changes their mind while it loads sees only what was wanted last, with a boundary ${where}${mode}`, async () => {
      const page = await openPerson(strict, place);
      server.held = true;
      page.want(6);
      await finish();
      page.want(7);
      await finish();
      const [six, seven] = server.waiting.splice(0);
      seven.answer({ version: "7" });
      await finish();
      assert.deepEqual(page.texts(), everywhere(7));
      six.answer({ version: "6" });
      await finish();
      assert.ok(!page.isPending());
      assert.deepEqual(untorn(), ["5", "7"]);
    });

    test(`transition: what changes of the old person while the new one loads is shown, with a boundary ${where}${mode}`, async () => {
      const page = await openPerson(strict, place);
      server.held = true;
      page.want(6);
      await finish();
      mizanCall(
        "change",
        {},
        {
          optimistic: [{ context: board, params: { id: 5 }, update: { version: () => "new" } }],
        },
      );
      await finish();
      assert.ok(page.isPending());
      assert.deepEqual(page.texts(), everywhere("new"));
      server.release();
      await finish();
      assert.deepEqual(untorn(), ["5", "new", "6"]);
      calls.pop().answer({ result: null, invalidate: [] });
      await finish();
    });

    test(`deferred: a param shows the old person until the new one is there, with a boundary ${where}${mode}`, async () => {
      const person = definePerson();
      const Slow = slow(person.useTextSuspense);
      const readers = Array.from({ length: READERS + 1 }, (_, key) => h(Slow, { key }));
      let want;
      const App = () => {
        const [id, setId] = useState(5);
        want = setId;
        const shown = useDeferredValue(id);
        return [h("i", { key: "wanted" }, id), place(person.Provider, shown, readers)];
      };
      const { container, texts } = await open(h(App), { strict });
      const wanted = () => container.querySelector("i").textContent;
      server.held = true;
      want(6);
      await finish();
      assert.equal(wanted(), "6", "at once");
      assert.deepEqual(texts(), everywhere(5));
      want(7);
      await finish();
      assert.equal(wanted(), "7");
      assert.deepEqual(texts(), everywhere(5));
      server.release();
      await finish();
      assert.deepEqual(untorn(), ["5", "7"], "neither the fallback nor the person between");
    });
  }

  test(`transition: back to a person that is known shows no fallback and fetches nothing${mode}`, async () => {
    const [[, place]] = PLACES;
    const page = await openPerson(strict, place);
    page.want(6);
    await finish();
    const asked = server.requests.length;
    page.want(5);
    await turns(10);
    assert.deepEqual(page.texts(), everywhere(6), "in the middle of it");
    await finish();
    assert.deepEqual(untorn(), ["5", "6", "5"]);
    assert.equal(server.requests.length, asked);
  });

  test(`transition: to a person that nobody knows, hooks that do not suspend say nothing of the old one${mode}`, async () => {
    const [[, place]] = PLACES;
    const page = await openPerson(strict, place, false);
    server.held = true;
    page.want(6);
    await finish();
    assert.deepEqual(page.texts(), everywhere("nothing"));
    server.release();
    await finish();
    assert.deepEqual(untorn(), ["5", "nothing", "6"]);
  });

  test(`transition: to a person that the server refuses shows the boundary's error in the old one's place${mode}`, async (t) => {
    t.mock.method(console, "error", () => {});
    const page = await openPerson(strict, (Provider, id, readers) =>
      h(
        Boundary,
        { key: "page" },
        h(Suspense, { fallback: WAITING }, h(Provider, { id }, readers)),
      ),
    );
    server.held = true;
    page.want(6);
    await finish();
    assert.deepEqual(page.texts(), everywhere(5));
    answerContext(board, (request) => request.problem(403));
    server.release();
    await finish();
    assert.ok(!page.isPending());
    assert.deepEqual(page.texts(), ["failed 403"]);
    assert.equal(fetches(`${board}?id=6`), 1);
  });

  test(`transition: an error that React takes half a second to show is fetched a few times too often, and then shown${mode}`, async (t) => {
    t.mock.method(console, "error", () => {});
    const person = definePerson();
    const One = () => h("b", null, person.useTextSuspense());
    const Slow = memo(function Slow({ id }) {
      spend(SLOW);
      return h("b", null, id);
    });
    let want;
    const App = () => {
      const [id, setId] = useState(5);
      const [, start] = useTransition();
      want = (id) => start(() => setId(id));
      const one = h(person.Provider, { id }, h(One));
      return [
        h(Boundary, { key: "boundary" }, h(Suspense, { fallback: WAITING }, one)),
        Array.from({ length: READERS }, (_, key) => h(Slow, { key, id })),
      ];
    };
    const page = await open(h(App), { strict });
    answerContext(board, (request) => request.problem(403));
    want(6);
    for (let count = 0; count < 1000; count++) {
      await turns(1);
      advance(0);
    }
    assert.deepEqual(page.texts(), ["failed 403", ...Array(READERS).fill("6")]);
    assert.ok(fetches(`${board}?id=6`) <= 11, `${fetches(`${board}?id=6`)} fetches`);
  });
}
