// What a mutation hook may be told, and React's own ways to call it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { defineMutation } from "@mizan/runtime/react";
import * as react from "react";
import { define, fetches, mount, probe, server, settle, user } from "./react.mjs";
import { idle } from "./server.mjs";

const { createElement: h, startTransition, useActionState, useOptimistic, useTransition } = react;

/** For tests of what React 19 has brought. */
const since19 = {
  skip:
    !useActionState && "React 18 has no such hook, and its transitions do not wait for promises",
};

let useRename;
let defined;

beforeEach(() => {
  useRename = defineMutation("rename", "1");
  defined = define(user, []);
});

/** From now on calls wait for the test to answer them. */
function hold() {
  const calls = [];
  server.onCall((request) => calls.push(request));
  return calls;
}

const rename = () => ({ context: user, update: { version: () => "new" } });

test("what is patched is shown at once, until the server's word is there, in one step", async () => {
  const Reader = probe(() => defined.useMember("version"));
  const Rename = probe(() => useRename({ optimistic: rename }));
  await mount(h(defined.Provider, null, h(Reader), h(Rename)));
  const calls = hold();
  await settle(() => void Rename.state.call({}));
  assert.equal(Reader.state.data, "new");
  server.version = 7;
  await settle(() => calls[0].answer({ result: null, invalidate: [user] }));
  assert.equal(Reader.state.data, 7);
  const shown = Reader.states.map(({ data }) => data);
  assert.deepEqual(shown.slice(shown.indexOf("new")), ["new", 7], "nothing flickers back");
  assert.equal(Rename.state.isPending, false);
});

test("what was patched goes when the call fails; a list of patches is as good as one", async () => {
  const Reader = probe(() => defined.useMember("version"));
  const Rename = probe(() => useRename({ optimistic: () => [rename()] }));
  await mount(h(defined.Provider, null, h(Reader), h(Rename)));
  const calls = hold();
  await settle(() => void Rename.state.call({}).catch(() => {}));
  assert.equal(Reader.state.data, "new");
  await settle(() => calls[0].problem(409));
  assert.equal(Reader.state.data, 0);
});

test("calls of one scope are sent one after the other, of whichever hook", async () => {
  const One = probe(() => useRename({ scope: "names" }));
  const Two = probe(() => useRename({ scope: "names" }));
  await mount(h("p", null, h(One), h(Two)));
  const calls = hold();
  await settle(() => {
    One.state.call({ at: 1 });
    Two.state.call({ at: 2 });
  });
  assert.deepEqual(
    calls.map(({ body }) => body.args.at),
    [1],
  );
  await settle(() => calls[0].answer({ result: null, invalidate: [] }));
  assert.deepEqual(
    calls.map(({ body }) => body.args.at),
    [1, 2],
  );
  await settle(() => calls[1].answer({ result: null, invalidate: [] }));
});

test("success is told when what it changed is on the page, a failure with its error; both with the arguments", async () => {
  const Reader = probe(() => defined.useMember("version"));
  const told = [];
  const Rename = probe(() =>
    useRename({
      onSuccess: (...all) => told.push(["success", Reader.state.data, ...all]),
      onError: ({ status }, args) => told.push(["error", status, args]),
    }),
  );
  await mount(h(defined.Provider, null, h(Reader), h(Rename)));
  // On a real page: in React's `act`, the older one draws only at its end.
  globalThis.IS_REACT_ACT_ENVIRONMENT = false;
  server.version = 1;
  server.onCall((request) => request.answer({ result: "yes", invalidate: [user] }));
  Rename.state.call({ name: "Ada" });
  await idle();
  server.onCall((request) => request.problem(409));
  Rename.state.call({ name: "Grace" });
  await idle();
  assert.deepEqual(told, [
    ["success", 1, "yes", { name: "Ada" }],
    ["error", 409, { name: "Grace" }],
  ]);
});

test("what is wrong with an argument is found by its name", async () => {
  const Rename = probe(() => useRename());
  await mount(h(Rename));
  const errors = [
    { loc: ["name"], msg: "too short", type: "a" },
    { loc: ["name", 0], msg: "no letter", type: "b" },
    { loc: ["age"], msg: "too low", type: "c" },
  ];
  server.onCall((request) => request.problem(422, { errors }));
  await settle(() => Rename.state.call({}).catch(() => {}));
  assert.deepEqual(Rename.state.error.fields, { name: "too short", age: "too low" });
});

test("a call is an action of a form, with its state", since19, async () => {
  let submit;
  const Form = () => {
    const { call } = useRename();
    const [state, action, isPending] = useActionState(
      (_, name) =>
        call({ name }).then(
          ({ name }) => `saved ${name}`,
          ({ fields }) => fields.name,
        ),
      "",
    );
    submit = (name) => startTransition(() => action(name));
    return isPending ? "saving" : state;
  };
  const { container } = await mount(h(Form));
  const calls = hold();
  await settle(() => submit("Ada"));
  assert.equal(container.textContent, "saving");
  await settle(() => calls[0].answer({ result: { name: "Ada" }, invalidate: [] }));
  assert.equal(container.textContent, "saved Ada");
  await settle(() => submit(""));
  await settle(() =>
    calls[1].problem(422, { errors: [{ loc: ["name"], msg: "too short", type: "x" }] }),
  );
  assert.equal(container.textContent, "too short");
});

test(
  "a transition and React's own optimistic state end when what was changed is on the page",
  since19,
  async () => {
    const seen = [];
    let go;
    const Name = () => {
      const { data } = defined.useMember("version");
      const { call } = useRename();
      const [shown, show] = useOptimistic(data);
      const [isPending, start] = useTransition();
      go = () =>
        start(async () => {
          show("new");
          await call({});
        });
      const text = `${shown}${isPending ? " pending" : ""}`;
      if (text !== seen.at(-1)) {
        seen.push(text);
      }
      return text;
    };
    const { container } = await mount(h(defined.Provider, null, h(Name)));
    const calls = hold();
    await settle(go);
    assert.equal(container.textContent, "new pending");
    server.held = true;
    await settle(() => calls[0].answer({ result: null, invalidate: [user] }));
    assert.equal(container.textContent, "new pending");
    server.version = 1;
    server.release();
    await settle();
    assert.equal(container.textContent, "1");
    assert.deepEqual(
      seen.slice(seen.indexOf("0")),
      ["0", "new pending", "1"],
      "nothing flickers back",
    );
    assert.equal(fetches(user), 2);
  },
);
