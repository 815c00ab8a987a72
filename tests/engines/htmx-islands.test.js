// React islands beside what the server renders, in one page: each hears what the other one changes, once.

import assert from "node:assert/strict";
import { buildIslands } from "./bundle.js";
import { both, bySource, fetched, htmxForm, plainForm, show } from "./fragments.js";
import { openStage } from "./stage.js";

const scenario = openStage("htmx-islands", {}, (site) => buildIslands(site.folder));

const READ = (stage) => `GET /api/mizan/ctx/note/?note_id=${stage.id}`;
const CALL = "POST /api/mizan/call/";
const bundle = `<script src="/bundle/islands.js" defer></script>`;

/** The runtime of a bundle is WebAssembly. */
const headers = {
  "Content-Security-Policy":
    "default-src 'none'; connect-src 'self'; img-src data:; form-action 'self'; script-src 'self' 'wasm-unsafe-eval'",
};

const card = (stage, id = "card", more = "") =>
  `<mizan-island id="${id}" name="Card" note_id="${stage.id}" ${more}></mizan-island>`;

/** Opens a page with an island, and waits until that has its note. */
async function open(stage, body, head = stage.scripts + bundle) {
  await stage.open(body, { head, headers });
  await show(stage.tab, ["card b"], "");
  await stage.tab.do("settled");
  stage.count();
}

for (const [order, head] of [
  ["before the bundle", (stage) => stage.scripts + bundle],
  ["after the bundle", (stage) => bundle + stage.scripts],
]) {
  scenario(
    `with the script ${order}, a form of htmx's refreshes the island once`,
    async (stage) => {
      const { tab } = stage;
      await open(stage, htmxForm(stage) + card(stage) + both(stage), head(stage));
      await tab.do("click", "#send");
      await show(tab, ["a", "b", "card b"], "one");
      await stage.came({
        [`POST ${stage.edit()}`]: 1,
        [READ(stage)]: 1,
        ...fetched(stage, ["a", "b"]),
      });
    },
  );

  scenario(
    `with the script ${order}, a redirect of htmx's refreshes the island once`,
    async (stage) => {
      const { tab } = stage;
      const query = { to: stage.part() };
      await open(stage, htmxForm(stage, query) + card(stage) + both(stage), head(stage));
      await tab.do("click", "#send");
      await show(tab, ["a", "b", "card b"], "one");
      await stage.came({
        [`POST ${stage.edit(query)}`]: 1,
        [`GET ${stage.part()}`]: 1,
        [READ(stage)]: 1,
        ...fetched(stage, ["a", "b"]),
      });
    },
  );

  scenario(
    `with the script ${order}, a mutation of the island refreshes the page once`,
    async (stage) => {
      const { tab } = stage;
      await open(stage, card(stage) + both(stage), head(stage));
      await tab.do("click", "#card .write");
      await show(tab, ["a", "b", "card b"], "react");
      await stage.came({ [CALL]: 1, [READ(stage)]: 1, ...fetched(stage, ["a", "b"]) });
    },
  );

  scenario(`with the script ${order}, a form in another tab refreshes both once`, async (stage) => {
    const { tab } = stage;
    await open(stage, card(stage) + both(stage), head(stage));
    const name = `${stage.id}-form`;
    const query = { to: stage.page(name) };
    await stage.keep(plainForm(stage, query), { name });
    const second = await stage.another(stage.page(name));
    await second.follow("#send");
    await show(tab, ["a", "b", "card b"], "one");
    await stage.came({
      [`POST ${stage.edit(query)}`]: 1,
      [`GET ${stage.page(name)}`]: 1,
      [READ(stage)]: 1,
      ...fetched(stage, ["a", "b"]),
    });
  });
}

scenario("the whole runtime and the script may be scripts of one page", async (stage) => {
  const { tab } = stage;
  await stage.open(htmxForm(stage) + both(stage), {
    head: `{% mizan_script "js" %}${stage.scripts}`,
  });
  await tab.do("register", "note", { note_id: stage.id });
  await stage.came({ [READ(stage)]: 1 });
  await tab.do("click", "#send");
  await show(tab, ["a", "b"], "one");
  await stage.came({
    [`POST ${stage.edit()}`]: 1,
    [READ(stage)]: 1,
    ...fetched(stage, ["a", "b"]),
  });
  await tab.do("invalidate", ["note"]);
  await stage.came({ [READ(stage)]: 1, ...fetched(stage, ["a", "b"]) });
});

scenario(
  "what a page comes with is fresh, and not if the HTTP cache had the page",
  async (stage) => {
    const { tab } = stage;
    const landing = stage.page(`${stage.id}-landing`);
    const data = `{"contexts": [{"context": "note", "params": {"note_id": ${stage.id}},
      "data": {"note": {"text": "{{ texts.${stage.id} }}"}}}]}`;
    const script = `<script type="application/json" id="__MIZAN_SSR_DATA__">${data}</script>`;
    await stage.keepCached(`${stage.id}-landing`, bundle + script + card(stage), headers);
    await stage.open(`<a id="link" href="${landing}">Landing</a>`);
    await tab.follow("#link");
    await show(tab, ["card b"], "");
    await stage.came({ [`GET ${landing}`]: 1 });
    await tab.go(stage.gateway.url + stage.page());
    await tab.do("fetch", stage.edit(), "one");
    await tab.do("settled");
    stage.count();
    await tab.follow("#link");
    await show(tab, ["card b"], "one");
    await stage.came({ [READ(stage)]: 1 });
  },
);

scenario("after a login in another tab everything is fetched anew", async (stage) => {
  const { tab, other } = stage;
  await stage.open(both(stage) + bySource(stage, "c", `mizan-context="secret"`, "?c"));
  const second = await stage.another(`/notes/${other}/`);
  await second.do("call", "log_in", { name: "ada" });
  await stage.came({ [CALL]: 1, ...fetched(stage, ["a", "b", "c"]) });
  await tab.do("settled");
});

scenario(
  "islands are mounted once, also when swapped in, and unmounted when swapped out",
  async (stage) => {
    const { tab, other } = stage;
    const name = `${stage.id}-box`;
    const props = JSON.stringify({ note_id: other, title: "mine", tags: ["x", "y"] });
    await stage.keepPart(
      name,
      `<div id="new" data-mizan-island="Card" data-props='${props}'></div>`,
    );
    await open(
      stage,
      `<div id="box">${card(stage)}</div>
      <button id="swap" hx-get="${stage.page(name)}" hx-target="#box">Swap</button>`,
    );
    await tab.do("click", "#swap");
    await tab.until("", "text", "#new b");
    await tab.until("mine x+y", "text", "#new i");
    await tab.do("settled");
    await tab.until(
      [`mounted ${stage.id}`, `unmounted ${stage.id}`, `mounted ${other}`],
      "islands",
    );
    stage.count();
    // Nobody is left who would ask for the note that was swapped out.
    await tab.do("fetch", stage.edit(), "one");
    await stage.came({ [`POST ${stage.edit()}`]: 1 });
  },
);

scenario("a refresh around an island keeps its state, and gives it new props", async (stage) => {
  const { tab } = stage;
  const name = `${stage.id}-box`;
  const inner = `<p id="shown">{{ texts.${stage.id} }}</p>${card(stage, "card", `title="{{ texts.${stage.id} }}"`)}`;
  await stage.keepPart(name, inner);
  await open(
    stage,
    `<div id="box" mizan-src="${stage.page(name)}" mizan-context="note;note_id=${stage.id}">${inner}</div>`,
  );
  await tab.do("click", "#card .count");
  await show(tab, ["card .count"], "1");
  await tab.do("fetch", stage.edit(), "one");
  await show(tab, ["shown", "card b", "card i"], "one");
  await show(tab, ["card .count"], "1");
  await stage.came({
    [`POST ${stage.edit()}`]: 1,
    [`GET ${stage.page(name)}`]: 1,
    [READ(stage)]: 1,
  });
  assert.deepEqual(await tab.do("islands"), [`mounted ${stage.id}`]);
});

scenario("an island that cannot be mounted is told of, and the others are", async (stage) => {
  const { tab } = stage;
  await open(
    stage,
    `<mizan-island id="unknown" name="Crad"></mizan-island>
    <div id="unread" data-mizan-island="Card" data-props="{note_id: 1}"></div>
    ${card(stage)}`,
  );
  const complaints = await tab.do("complaints");
  assert.equal(complaints.length, 2, JSON.stringify(complaints));
  assert.match(complaints[0], /^error: .*Crad/);
  assert.match(complaints[1], /^error: .*(Card|props)/);
});
