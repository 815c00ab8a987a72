// The React entry as generated code uses it: providers, what they fetch, and who renders.
import assert from "node:assert/strict";
import { test } from "node:test";
import { configure, invalidate } from "@mizan/runtime";
import { createElement as h, memo } from "react";
import { renderToString } from "react-dom/server";
import {
  answerContext,
  board,
  define,
  fetches,
  mount,
  probe,
  server,
  settle,
  user,
} from "./react.mjs";

const turn = () => new Promise((resolve) => setTimeout(resolve));

test("a provider fetches its context once, however many hooks read it", async () => {
  answerContext(user, (request) => request.answer({ user_profile: { name: "Ada" }, tasks: [1] }));
  const { Provider, useMember, useBundle } = define(user, ["user_id"]);
  const Profile = probe(() => useMember("user_profile"));
  const Tasks = probe(() => useMember("tasks"));
  const All = probe(useBundle);
  await mount(h(Provider, { user_id: 5 }, h(Profile), h(Profile), h(Tasks), h(All)));
  assert.deepEqual(server.paths, [`/api/mizan/ctx/${user}/?user_id=5`]);
  assert.deepEqual(Profile.state.data, { name: "Ada" });
  assert.deepEqual(Tasks.state.data, [1]);
  assert.deepEqual(All.state.data, { user_profile: { name: "Ada" }, tasks: [1] });
});

test("a provider fetches although nobody reads", async () => {
  const { Provider } = define(user, []);
  await mount(h(Provider));
  assert.equal(fetches(user), 1);
});

test("two providers of one key share one fetch and one value", async () => {
  const { Provider, useBundle } = define(user, ["user_id"]);
  const One = probe(useBundle);
  const Two = probe(useBundle);
  await mount([
    h(Provider, { user_id: 5, key: 1 }, h(One)),
    h(Provider, { user_id: "5", key: 2 }, h(Two)),
  ]);
  assert.equal(server.requests.length, 1);
  assert.deepEqual(One.state.data, { version: 0 });
  assert.equal(One.state.data, Two.state.data);
});

test("a param that is not given does not address anything", async () => {
  const { Provider } = define(board, ["project_id", "assignee"]);
  const { render } = await mount(h(Provider, { project_id: 3, assignee: null }));
  await render(h(Provider, { project_id: 3 }));
  assert.deepEqual(server.paths, [`/api/mizan/ctx/${board}/?project_id=3`]);
});

test("of nested providers, a hook reads the one that is nearest", async () => {
  answerContext(user, (request) => request.answer({ asked: request.path.split("=")[1] }));
  const { Provider, useMember } = define(user, ["user_id"]);
  const other = define(board, []);
  const Outer = probe(() => useMember("asked"));
  const Inner = probe(() => useMember("asked"));
  const Board = probe(() => other.useMember("version"));
  const inner = h(Provider, { user_id: 6 }, h(Inner), h(Board));
  await mount(h(other.Provider, null, h(Provider, { user_id: 5 }, h(Outer), inner)));
  assert.equal(Outer.state.data, "5");
  assert.equal(Inner.state.data, "6");
  assert.equal(Board.state.data, 0);
  assert.equal(server.requests.length, 3);
});

test("a hook outside of its provider says which provider it wants", () => {
  const { useBundle } = define(user, []);
  const other = define(board, []);
  const page = h(other.Provider, null, h(probe(useBundle)));
  assert.throws(() => renderToString(page), {
    message: "A hook is used outside of <AProvider>",
  });
});

test("a changed param shows and fetches the new key, and lets go of the old one", async () => {
  answerContext(user, (request) => request.answer({ asked: request.path.split("=")[1] }));
  const { Provider, useMember } = define(user, ["user_id"]);
  const Asked = probe(() => useMember("asked"));
  const { render, container } = await mount(h(Provider, { user_id: 5 }, h(Asked)));
  assert.equal(container.textContent, '"5"');
  server.held = true;
  await render(h(Provider, { user_id: 6 }, h(Asked)));
  assert.equal(container.textContent, "null", "nothing of the other user");
  assert.equal(Asked.state.status, "pending");
  server.release();
  await settle();
  assert.equal(container.textContent, '"6"');
  await settle(() => invalidate([user]));
  assert.equal(fetches(`${user}?user_id=5`), 1);
  assert.equal(fetches(`${user}?user_id=6`), 2);
});

test("a param that changes on the way gives up the request of the old key", async () => {
  server.held = true;
  const { Provider } = define(user, ["user_id"]);
  const { render } = await mount(h(Provider, { user_id: 5 }));
  await render(h(Provider, { user_id: 6 }));
  await turn();
  await settle();
  const [five, six] = server.requests;
  assert.ok(five.aborted);
  assert.ok(!six.aborted);
});

test("another spelling of the same value fetches nothing and never shows less", async () => {
  const { Provider, useMember } = define(user, ["user_id"]);
  const Version = probe(() => useMember("version"));
  const { render } = await mount(h(Provider, { user_id: 5 }, h(Version)));
  const before = Version.states.length;
  await render(h(Provider, { user_id: "5" }, h(Version)));
  await turn();
  await settle();
  assert.equal(server.requests.length, 1);
  assert.ok(Version.states.slice(before).every(({ data, isStale }) => data === 0 && !isStale));
});

test("unmounting gives up the request, and nothing is fetched any more", async () => {
  server.held = true;
  const { Provider, useBundle } = define(user, []);
  const { unmount } = await mount(h(Provider, null, h(probe(useBundle))));
  unmount();
  await turn();
  assert.ok(server.requests[0].aborted);
  invalidate([user]);
  await turn();
  assert.equal(server.requests.length, 1);
});

test("who is unmounted and mounted again within a turn keeps the request", async () => {
  server.held = true;
  const { Provider, useBundle } = define(user, []);
  const All = probe(useBundle);
  const { render } = await mount(h(Provider, { key: "here" }, h(All)));
  await render(h(Provider, { key: "there" }, h(All)));
  await turn();
  server.release();
  await settle();
  assert.deepEqual(All.state.data, { version: 0 });
  assert.equal(server.requests.length, 1);
  assert.ok(!server.requests[0].aborted);
});

test("StrictMode, which mounts everything twice, fetches once and gives nothing up", async () => {
  server.held = true;
  const { Provider, useBundle } = define(user, ["user_id"]);
  const All = probe(useBundle);
  await mount(h(Provider, { user_id: 5 }, h(All)), { strict: true });
  // Leaving gives up a request in the next turn, and by then it was mounted again.
  await turn();
  await settle();
  assert.equal(server.requests.length, 1);
  assert.ok(!server.requests[0].aborted);
  server.release();
  await settle();
  assert.deepEqual(All.state.data, { version: 0 });
  server.version = 1;
  await settle(() => invalidate([user]));
  assert.deepEqual(All.state.data, { version: 1 });
  assert.equal(server.requests.length, 2);
});

test("who reads renders when its context changes, and only then", async () => {
  const users = define(user, ["user_id"]);
  const boards = define(board, []);
  const User = probe(() => users.useMember("version"));
  const Board = probe(boards.useBundle);
  const readers = [h(memo(User), { key: "user" }), h(memo(Board), { key: "board" })];
  const page = h(users.Provider, { user_id: 5 }, h(boards.Provider, null, readers));
  await mount(page);
  const renders = () => [User.states.length, Board.states.length];
  const before = renders();

  await settle(() => invalidate([{ context: user, params: { user_id: 6 } }, "unknown"]));
  assert.deepEqual(renders(), before, "nobody is named");

  const shown = User.state;
  server.version = 1;
  await settle(() => invalidate([board]));
  assert.deepEqual(Board.state.data, { version: 1 });
  assert.equal(renders()[0], before[0]);
  assert.ok(renders()[1] > before[1]);
  assert.equal(User.state, shown);
});

test("a refetch is one render for who reads the value, and one more for who reads that it is under way", async () => {
  const { Provider, useMember } = define(user, []);
  const Version = probe(() => useMember("version"));
  const Refetching = probe(() => {
    const { data, isRefetching } = useMember("version");
    return { data, isRefetching };
  });
  const renders = () => [Version.states.length, Refetching.states.length];
  const readers = [h(memo(Version), { key: "version" }), h(memo(Refetching), { key: "both" })];
  await mount(h(Provider, null, readers));
  server.held = true;
  server.version = 1;
  const [value, both] = renders();
  await settle(() => invalidate([user]));
  assert.deepEqual(renders(), [value, both + 1]);
  server.release();
  await settle();
  assert.deepEqual(renders(), [value + 1, both + 2]);
  assert.deepEqual(Version.state.data, 1);
});

test("what is first read after the render is as it is then, and renders when it changes", async () => {
  const { Provider, useMember } = define(user, []);
  const Version = probe(() => useMember("version"));
  await mount(h(Provider, null, h(memo(Version))));
  server.held = true;
  const before = Version.states.length;
  await settle(() => invalidate([user]));
  assert.equal(Version.states.length, before);
  assert.equal(Version.state.isStale, true);
  server.release();
  await settle();
  assert.equal(Version.states.length, before + 1);
  assert.equal(Version.state.isStale, false);
});

test("an invalidation in the middle of a refetch is no render", async () => {
  const { Provider, useMember } = define(user, []);
  const Version = probe(() => useMember("version"));
  await mount(h(Provider, null, h(memo(Version))));
  server.held = true;
  await settle(() => invalidate([user]));
  const before = Version.states.length;
  await settle(() => invalidate([user]));
  assert.equal(fetches(user), 3, "the answer that is on its way may be too old");
  assert.equal(Version.states.length, before);
  server.release();
  await settle();
});

test("a provider that renders again for no reason renders no reader", async () => {
  const { Provider, useBundle } = define(user, ["user_id"]);
  const All = probe(useBundle);
  const child = h(All);
  const { render } = await mount(h(Provider, { user_id: 5 }, child));
  const before = All.states.length;
  await render(h(Provider, { user_id: 5, other: 1 }, child));
  assert.equal(All.states.length, before);
  assert.equal(server.requests.length, 1);
});

test("a server of another schema than the code was generated from is told of", async () => {
  const events = [];
  configure({ onEvent: ({ type }) => events.push(type) });
  answerContext(user, (request) => request.answer({}, { headers: { "X-Mizan-Schema": "2" } }));
  await mount(h(define(user, []).Provider));
  assert.deepEqual(events, ["fetch", "outdated", "settle"]);
});
