// Other params, in a transition or deferred, while React draws in slices of time: the old person stays on the page
// until the new one is there, and no commit shows something of both.
import assert from "node:assert/strict";
import { test } from "node:test";
import { invalidate, mizanCall } from "@mizan/runtime";
import { defineMemberSuspense } from "@mizan/runtime/react";
import {
  Component,
  createElement as h,
  Suspense,
  useDeferredValue,
  useState,
  useTransition,
} from "react";
import { advance } from "./clock.mjs";
import { answerContext, board, define, fetches, server, user } from "./react.mjs";
import { everywhere, finish, open, READERS, slow, turns, untorn } from "./slices.mjs";

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
      server.onCall((request) => request.answer({ result: null, invalidate: [] }));
      const five = { context: board, params: { id: 5 } };
      mizanCall("change", {}, { optimistic: [{ ...five, update: { version: () => "new" } }] });
      await finish();
      assert.ok(page.isPending());
      assert.deepEqual(page.texts(), everywhere("new"));
      server.release();
      await finish();
      assert.deepEqual(untorn(), ["5", "new", "5", "6"], "the call has changed nothing");
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

  test(`an error that React holds back, because the fallback was only just shown, costs one fetch whatever comes meanwhile${mode}`, async (t) => {
    t.mock.method(console, "error", () => {});
    const person = definePerson();
    const { Provider, useBundle } = define(user, []);
    const One = () => h("b", null, person.useTextSuspense());
    const Other = () => h("b", null, useBundle().data?.version);
    let show;
    const App = () => {
      const [isShown, set] = useState(false);
      show = () => set(true);
      const one = isShown && h(person.Provider, { id: 6 }, h(One));
      return [
        h(
          Provider,
          { key: "other" },
          h(Boundary, null, h(Suspense, { fallback: WAITING }, one), h(Other)),
        ),
      ];
    };
    const page = await open(h(App), { strict });
    const held = [];
    answerContext(board, (request) => held.push(request));
    advance(1000);
    show();
    await finish();
    while (page.texts()[0] !== "waiting") {
      advance(10);
      await turns(5);
    }
    assert.deepEqual(page.texts(), ["waiting", "0"]);
    advance(20);
    held[0].problem(403);
    for (let version = 1; version <= 5; version++) {
      await turns(5);
      advance(20);
      server.version = version;
      invalidate([user]);
    }
    for (const duration of [1000, 1000]) {
      await turns(5);
      advance(duration);
      await finish();
    }
    assert.equal(held.length, 1);
    assert.deepEqual(page.texts(), ["failed 403"]);
  });

  test(`transition: an error that React takes half a second to show is fetched once or twice too often, and then shown${mode}`, async (t) => {
    t.mock.method(console, "error", () => {});
    const person = definePerson();
    const One = () => h("b", null, person.useTextSuspense());
    const Slow = slow(({ id }) => id);
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
    assert.ok(fetches(`${board}?id=6`) <= 3, `${fetches(`${board}?id=6`)} fetches`);
  });
}
