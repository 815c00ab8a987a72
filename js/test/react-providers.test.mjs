// Providers that come, go, move and stand in each other: who is asked for, how often, and who reads what.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { invalidate } from "@mizan/runtime";
import { Fragment, createElement as h, useState } from "react";
import { advance } from "./clock.mjs";
import { answerContext, define, fetches, mount, probe, server, settle, user } from "./react.mjs";

let Provider;
let useAsked;

beforeEach(() => {
  const defined = define(user, ["id"]);
  ({ Provider } = defined);
  useAsked = () => defined.useMember("asked").data ?? "nothing";
  answerContext(user, (request) =>
    request.answer({ asked: `${request.path.split("=")[1]}.${server.version}` }),
  );
});

/** Shows what the nearest provider has. */
function Asked() {
  return h("b", null, useAsked());
}

const texts = ({ container }) => [...container.querySelectorAll("b")].map((b) => b.textContent);

/** What is given up when nobody has come back is given up in the next turn. */
const later = () => settle(() => advance(0));

const key = (id) => `${user}?id=${id}`;
const aborted = () => server.requests.filter((request) => request.aborted).length;

for (const strict of [false, true]) {
  const mode = strict ? ", in StrictMode" : "";

  test(`1,000 providers at once, one of each key, ask once for each${mode}`, async () => {
    const ids = Array.from({ length: 1000 }, (_, id) => id);
    const page = await mount(
      ids.map((id) => h(Provider, { id, key: id }, h(Asked))),
      { strict },
    );
    await later();
    assert.equal(server.requests.length, 1000);
    assert.equal(new Set(server.paths).size, 1000);
    assert.equal(aborted(), 0);
    assert.deepEqual(
      texts(page),
      ids.map((id) => `${id}.0`),
    );
    server.version = 1;
    await settle(() => invalidate([{ context: user, params: { id: 500 } }]));
    assert.equal(server.requests.length, 1001);
    assert.equal(texts(page)[500], "500.1");
    page.unmount();
    await later();
    await settle(() => invalidate([user]));
    assert.equal(server.requests.length, 1001, "nobody is left");
  });

  test(`1,000 providers of one key ask once, and see one value${mode}`, async () => {
    const page = await mount(
      Array.from({ length: 1000 }, (_, at) => h(Provider, { id: 5, key: at }, h(Asked))),
      { strict },
    );
    assert.equal(server.requests.length, 1);
    server.version = 1;
    await settle(() => invalidate([user]));
    assert.equal(server.requests.length, 2);
    assert.deepEqual(texts(page), Array(1000).fill("5.1"));
  });

  test(`two providers of one key: the one that stays keeps what the other one has asked for${mode}`, async () => {
    server.held = true;
    const two = (isSecond) => [
      isSecond && h(Provider, { id: 5, key: "one" }, h(Asked)),
      h(Provider, { id: 5, key: "two" }, h(Asked)),
    ];
    const page = await mount(two(true), { strict });
    await page.render(two(false));
    await later();
    assert.equal(aborted(), 0);
    server.release();
    await settle();
    assert.deepEqual(texts(page), ["5.0"]);
    assert.equal(server.requests.length, 1);
  });

  test(`a provider that goes and comes within a turn asks for nothing again, on its way or there${mode}`, async () => {
    server.held = true;
    const one = h(Provider, { id: 5 }, h(Asked));
    const page = await mount(one, { strict });
    for (const release of [() => {}, () => server.release()]) {
      await settle(release);
      await page.render(null);
      await page.render(one);
      await later();
      assert.equal(server.requests.length, 1);
      assert.equal(aborted(), 0);
    }
    assert.deepEqual(texts(page), ["5.0"]);
    server.version = 1;
    await settle(() => invalidate([user]));
    assert.deepEqual(texts(page), ["5.1"], "and it still hears of changes");
  });

  test(`a provider that comes back later shows what is known, and asks again only where that has changed${mode}`, async () => {
    const one = h(Provider, { id: 5 }, h(Asked));
    const page = await mount(one, { strict });
    await page.render(null);
    await later();
    await page.render(one);
    assert.deepEqual(texts(page), ["5.0"]);
    assert.equal(server.requests.length, 1);

    await page.render(null);
    await later();
    server.version = 1;
    await settle(() => invalidate([user]));
    assert.equal(server.requests.length, 1, "nobody looks");
    await page.render(one);
    assert.deepEqual(texts(page), ["5.1"]);
    assert.equal(server.requests.length, 2);
  });

  test(`a context three deep: each hook reads the provider that is nearest, each is asked for once${mode}`, async () => {
    const page = await mount(
      h(Provider, { id: 1 }, [
        h(Asked, { key: "before" }),
        h(Provider, { id: 2, key: "provider" }, [
          h(Asked, { key: "before" }),
          h(Provider, { id: 3, key: "provider" }, h(Asked)),
          h(Asked, { key: "after" }),
        ]),
        h(Asked, { key: "after" }),
      ]),
      { strict },
    );
    assert.deepEqual(texts(page), ["1.0", "2.0", "3.0", "2.0", "1.0"]);
    assert.equal(server.requests.length, 3);
    server.version = 1;
    await settle(() => invalidate([{ context: user, params: { id: 2 } }]));
    assert.deepEqual(texts(page), ["1.0", "2.1", "3.0", "2.1", "1.0"]);
    assert.equal(server.requests.length, 4);
  });

  test(`a provider in another one of the same key reads the same${mode}`, async () => {
    const inner = h(Provider, { id: "5" }, h(Asked));
    const page = await mount(h(Provider, { id: 5 }, h(Asked), inner), { strict });
    assert.deepEqual(texts(page), ["5.0", "5.0"]);
    assert.equal(server.requests.length, 1);
    await page.render(h(Provider, { id: 5 }, h(Asked)));
    await later();
    server.version = 1;
    await settle(() => invalidate([user]));
    assert.deepEqual(texts(page), ["5.1"], "the outer one is not let go of with it");
  });

  test(`params that change back and forth never show the wrong one, and ask once for each${mode}`, async () => {
    const page = await mount(h(Provider, { id: 5 }, h(Asked)), { strict });
    server.held = true;
    for (const id of [6, 5, 6, 5, 6]) {
      await page.render(h(Provider, { id }, h(Asked)));
      assert.deepEqual(texts(page), [id === 5 ? "5.0" : "nothing"]);
    }
    await later();
    assert.equal(fetches(key(5)), 1);
    assert.equal(fetches(key(6)), 1);
    assert.equal(aborted(), 0, "it was wanted again within the turn");
    server.release();
    await settle();
    for (const id of [5, 6, 5, 6]) {
      await page.render(h(Provider, { id }, h(Asked)));
      await later();
      assert.deepEqual(texts(page), [`${id}.0`]);
    }
    assert.equal(server.requests.length, 2);
  });

  test(`params that change while the request is on its way: who comes back later asks again${mode}`, async () => {
    server.held = true;
    const page = await mount(h(Provider, { id: 5 }, h(Asked)), { strict });
    await page.render(h(Provider, { id: 6 }, h(Asked)));
    await later();
    assert.equal(aborted(), 1);
    await page.render(h(Provider, { id: 5 }, h(Asked)));
    await later();
    assert.deepEqual([fetches(key(5)), fetches(key(6)), aborted()], [2, 1, 2]);
    server.release();
    await settle();
    assert.deepEqual(texts(page), ["5.0"]);
  });

  for (const [move, place] of [
    ["by its key", (element, at) => h(Fragment, { key: at }, element)],
    ["below another element", (element, at) => h(at ? "section" : "div", null, element)],
    [
      "to another place of a list",
      (element, at) => (at ? [h("i", { key: 1 }), h(Fragment, { key: 2 }, element)] : [element]),
    ],
  ]) {
    test(`a provider that is moved ${move} keeps its value, shows it at once and asks for nothing${mode}`, async () => {
      const seen = [];
      const Shown = () => {
        const text = useAsked();
        seen.push(text);
        return h("b", null, text);
      };
      const element = h(Provider, { id: 5, key: "provider" }, h(Shown));
      const page = await mount(place(element, 0), { strict });
      seen.length = 0;
      await page.render(place(element, 1));
      await later();
      await page.render(place(element, 0));
      await later();
      assert.deepEqual([...new Set(seen)], ["5.0"]);
      assert.equal(server.requests.length, 1);
      server.version = 1;
      await settle(() => invalidate([user]));
      assert.deepEqual(texts(page), ["5.1"]);
      assert.equal(server.requests.length, 2);
    });
  }

  test(`a reader that moves from one provider to another reads the other one${mode}`, async () => {
    let move;
    const App = () => {
      const [at, setAt] = useState(5);
      move = setAt;
      return [5, 6].map((id) => h(Provider, { id, key: id }, at === id && h(Asked)));
    };
    const page = await mount(h(App), { strict });
    await settle(() => move(6));
    assert.deepEqual(texts(page), ["6.0"]);
    await settle(() => move(5));
    assert.deepEqual(texts(page), ["5.0"]);
    assert.equal(server.requests.length, 2);
  });

  test(`providers of one key with different options: what one of them wants is done${mode}`, async () => {
    const Off = probe(() => ({ data: useAsked() }));
    const two = (enabled) => [
      h(Provider, { id: 5, enabled: false, key: "off" }, h(Off)),
      h(Provider, { id: 5, enabled, key: "on" }, h(Asked)),
    ];
    const page = await mount(two(false), { strict });
    assert.equal(server.requests.length, 0);
    await page.render(two(true));
    await later();
    assert.equal(server.requests.length, 1);
    assert.equal(Off.state.data, "5.0");
  });
}
