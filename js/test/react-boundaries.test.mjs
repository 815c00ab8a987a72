// Error boundaries as pages have them: a message, and a button that tries again.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { invalidate } from "@mizan/runtime";
import { defineMemberSuspense } from "@mizan/runtime/react";
import { Component, createElement as h, Suspense, startTransition, useState } from "react";
import { advance } from "./clock.mjs";
import { answerContext, define, fetches, mount, server, settle, user } from "./react.mjs";

let Provider;
let useMember;
let Name;
let Tasks;

beforeEach(() => {
  const defined = define(user, ["id"]);
  ({ Provider, useMember } = defined);
  const useName = defineMemberSuspense(defined.context, "name");
  const useTasks = defineMemberSuspense(defined.context, "tasks");
  Name = () => h("b", null, useName());
  Tasks = () => h("b", null, useTasks());
  serve();
});

const serve = () => answerContext(user, (request) => request.answer({ name: "Ada", tasks: 3 }));
const refuse = (status) => answerContext(user, (request) => request.problem(status));

/** Shows what was thrown in it and a button; `again(reset, error)` says what that does. */
class Boundary extends Component {
  state = {};
  static getDerivedStateFromError(error) {
    return { error };
  }
  render() {
    const { name = "retry", again = (reset) => reset(), children } = this.props;
    const { error } = this.state;
    const reset = () => this.setState({ error: undefined });
    return error
      ? h("button", { type: "button", name, onClick: () => again(reset) }, `failed ${error.status}`)
      : children;
  }
}

/** React prints what a boundary has caught. */
function silence(t) {
  t.mock.method(console, "error", () => {});
}

const waiting = (...children) => h(Suspense, { fallback: "waiting" }, ...children);

async function press({ container }, name = "retry") {
  await settle(() => container.querySelector(`button[name=${name}]`).click());
}

const asked = () => server.requests.length;

for (const strict of [false, true]) {
  const mode = strict ? ", in StrictMode" : "";

  for (const [where, draw] of [
    ["inside of the provider", () => h(Provider, { id: 5 }, h(Boundary, null, waiting(h(Name))))],
    ["around the provider", () => h(Boundary, null, waiting(h(Provider, { id: 5 }, h(Name))))],
    [
      "between two providers of one key",
      () => h(Provider, { id: 5 }, h(Boundary, null, waiting(h(Provider, { id: 5 }, h(Name))))),
    ],
  ]) {
    test(`a button in a boundary ${where} asks once, as often as it is pressed, until the value is there${mode}`, async (t) => {
      silence(t);
      refuse(500);
      const page = await mount(draw(), { strict });
      assert.equal(page.container.textContent, "failed 500");
      for (const status of [503, 502]) {
        const before = asked();
        refuse(status);
        await press(page);
        assert.equal(page.container.textContent, `failed ${status}`);
        assert.equal(asked(), before + 1);
      }
      serve();
      const before = asked();
      await press(page);
      assert.equal(page.container.textContent, "Ada");
      assert.equal(asked(), before + 1);
    });
  }

  test(`a button that is pressed every five seconds asks each time, however long the server is out of order${mode}`, async (t) => {
    silence(t);
    refuse(503);
    const page = await mount(h(Provider, { id: 5 }, h(Boundary, null, waiting(h(Name)))), {
      strict,
    });
    for (let presses = 1; presses <= 20; presses++) {
      await settle(() => advance(5000));
      await press(page);
      assert.equal(page.container.textContent, "failed 503");
      assert.equal(asked(), 1 + presses);
    }
  });

  test(`two members of a context that failed, below a boundary each: one asks for both, the other shows what is there${mode}`, async (t) => {
    silence(t);
    refuse(500);
    const page = await mount(
      h(
        Provider,
        { id: 5 },
        h(Boundary, { name: "one" }, waiting(h(Name))),
        h(Boundary, { name: "two" }, waiting(h(Tasks))),
      ),
      { strict },
    );
    assert.equal(page.container.textContent, "failed 500failed 500");
    assert.equal(asked(), 1);
    serve();
    await press(page, "one");
    assert.equal(page.container.textContent, "Adafailed 500", "it is that boundary's own state");
    assert.equal(asked(), 2);
    await press(page, "two");
    assert.equal(page.container.textContent, "Ada3");
    assert.equal(asked(), 2);
  });

  test(`two boundaries whose buttons are pressed at the same time ask once${mode}`, async (t) => {
    silence(t);
    refuse(500);
    const page = await mount(
      h(
        Provider,
        { id: 5 },
        h(Boundary, { name: "one" }, waiting(h(Name))),
        h(Boundary, { name: "two" }, waiting(h(Tasks))),
      ),
      { strict },
    );
    serve();
    await settle(() => {
      for (const button of page.container.querySelectorAll("button")) {
        button.click();
      }
    });
    assert.equal(page.container.textContent, "Ada3");
    assert.equal(asked(), 2);
  });

  test(`two members that failed alone, below a boundary each: each shows its own error and comes back with its own button${mode}`, async (t) => {
    silence(t);
    answerContext(user, (request) =>
      request.answer({ $errors: { name: { status: 403 }, tasks: { status: 500 } } }),
    );
    const page = await mount(
      h(
        Provider,
        { id: 5 },
        h(Boundary, { name: "one" }, waiting(h(Name))),
        h(Boundary, { name: "two" }, waiting(h(Tasks))),
      ),
      { strict },
    );
    assert.equal(page.container.textContent, "failed 403failed 500");
    answerContext(user, (request) =>
      request.answer({ tasks: 3, $errors: { name: { status: 403 } } }),
    );
    await press(page, "one");
    assert.equal(page.container.textContent, "failed 403failed 500");
    await press(page, "two");
    assert.equal(page.container.textContent, "failed 4033");
    serve();
    await press(page, "one");
    assert.equal(page.container.textContent, "Ada3");
  });

  test(`what has come meanwhile is shown without being asked for again${mode}`, async (t) => {
    silence(t);
    refuse(500);
    const page = await mount(h(Provider, { id: 5 }, h(Boundary, null, waiting(h(Name)))), {
      strict,
    });
    serve();
    await settle(() => invalidate([user]));
    assert.equal(page.container.textContent, "failed 500");
    const before = asked();
    await press(page);
    assert.equal(page.container.textContent, "Ada");
    assert.equal(asked(), before);
  });

  test(`a reset in a transition leaves the message until the value is there${mode}`, async (t) => {
    silence(t);
    refuse(500);
    const again = (reset) => startTransition(reset);
    const page = await mount(h(Provider, { id: 5 }, waiting(h(Boundary, { again }, h(Name)))), {
      strict,
    });
    serve();
    server.held = true;
    await press(page);
    assert.equal(page.container.textContent, "failed 500");
    server.release();
    await settle();
    assert.equal(page.container.textContent, "Ada");
    assert.equal(asked(), 2);
  });

  test(`a boundary that is another one for other params: the failed one asks again when it comes back${mode}`, async (t) => {
    silence(t);
    answerContext(user, (request) =>
      request.path.endsWith("=5") ? request.problem(500) : request.answer({ name: "Grace" }),
    );
    let want;
    const App = () => {
      const [id, setId] = useState(5);
      want = setId;
      return h(Provider, { id }, h(Boundary, { key: id }, waiting(h(Name))));
    };
    const page = await mount(h(App), { strict });
    assert.equal(page.container.textContent, "failed 500");
    await settle(() => want(6));
    assert.equal(page.container.textContent, "Grace");
    serve();
    await settle(() => want(5));
    assert.equal(page.container.textContent, "failed 500", "React itself may have asked so soon");
    await settle(() => want(6));
    await settle(() => advance(500));
    await settle(() => want(5));
    assert.equal(page.container.textContent, "Ada");
    assert.deepEqual([fetches(`${user}?id=5`), fetches(`${user}?id=6`)], [2, 1]);
  });

  test(`a button of the ordinary hook asks again, beside its error${mode}`, async () => {
    refuse(500);
    const Reader = () => {
      const { data, error, refetch } = useMember("name");
      return error
        ? h("button", { type: "button", name: "retry", onClick: refetch }, `failed ${error.status}`)
        : data;
    };
    const page = await mount(h(Provider, { id: 5 }, h(Reader)), { strict });
    refuse(503);
    await press(page);
    assert.equal(page.container.textContent, "failed 503");
    assert.equal(asked(), 2);
    serve();
    await press(page);
    assert.equal(page.container.textContent, "Ada");
    assert.equal(asked(), 3);
  });

  test(`a message below the provider may fetch with the ordinary hook before it gives way${mode}`, async (t) => {
    silence(t);
    refuse(500);
    const WithRefetch = ({ children }) => {
      const { refetch } = useMember("name");
      return h(Boundary, { again: (reset) => refetch().then(reset, () => {}) }, children);
    };
    const page = await mount(h(Provider, { id: 5 }, h(WithRefetch, null, waiting(h(Name)))), {
      strict,
    });
    refuse(503);
    await press(page);
    assert.equal(page.container.textContent, "failed 500", "there was no reset");
    assert.equal(asked(), 2);
    serve();
    server.held = true;
    await press(page);
    assert.equal(page.container.textContent, "failed 500", "until the value is there");
    server.release();
    await settle();
    assert.equal(page.container.textContent, "Ada");
    assert.equal(asked(), 3);
  });

  test(`an error of the ordinary hook that a component throws itself comes back until it is fetched again${mode}`, async (t) => {
    silence(t);
    refuse(500);
    const Throwing = () => {
      const { data, error } = useMember("name");
      if (error) {
        throw error;
      }
      return data ?? "nothing";
    };
    let refetches = false;
    const WithRefetch = ({ children }) => {
      const { refetch } = useMember("name");
      const again = (reset) => (refetches ? refetch().then(reset, reset) : reset());
      return h(Boundary, { again }, children);
    };
    const page = await mount(h(Provider, { id: 5 }, h(WithRefetch, null, h(Throwing))), {
      strict,
    });
    serve();
    await press(page);
    assert.equal(page.container.textContent, "failed 500");
    assert.equal(asked(), 1);
    refetches = true;
    await press(page);
    assert.equal(page.container.textContent, "Ada");
    assert.equal(asked(), 2);
  });
}
