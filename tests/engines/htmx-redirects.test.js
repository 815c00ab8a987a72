// What was changed on the way of a redirect, which no script can see: nothing is lost, nothing is fetched twice.

import assert from "node:assert/strict";
import {
  both,
  byHtmx,
  eventsOfEdit,
  fetched,
  htmxForm,
  ofNote,
  plainForm,
  show,
} from "./fragments.js";
import { engine, openStage } from "./stage.js";

const scenario = openStage("htmx-redirects");

const landing = (stage) => stage.page(`${stage.id}-landing`);

/** Keeps the page that a redirect leads to. */
async function keepLanding(stage, headers) {
  await stage.keep(`<h1>Landing</h1>${both(stage)}`, { name: `${stage.id}-landing`, headers });
}

for (const status of [302, 303]) {
  scenario(
    `a form of htmx's that is answered with ${status} refreshes the rest of the page and another tab, once`,
    async (stage) => {
      const { tab } = stage;
      await stage.keepPart(`${stage.id}-box`, both(stage));
      const query = { to: stage.page(`${stage.id}-box`), status };
      await stage.open(htmxForm(stage, query) + both(stage, ["c", "d"]));
      const second = await stage.another();
      await tab.do("click", "#send");
      await show(tab, ["a", "b", "c", "d"], "one");
      await show(second, ["c", "d"], "one");
      await stage.came({
        [`POST ${stage.edit(query)}`]: 1,
        [`GET ${query.to}`]: 1,
        ...fetched(stage, ["c", "d"], 2),
      });
      assert.deepEqual(await tab.do("events"), eventsOfEdit(stage, "oneone"));
      assert.deepEqual(await second.do("events"), eventsOfEdit(stage, ""));
    },
  );
}

for (const kind of ["fetch", "xhr"]) {
  scenario(
    `a redirect of the page's own ${kind} refreshes the page and another tab, once`,
    async (stage) => {
      const { tab } = stage;
      const query = { to: stage.part() };
      await stage.open(both(stage));
      const second = await stage.another();
      await tab.do(kind, stage.edit(query), "one");
      await show(tab, ["a", "b"], "one");
      await show(second, ["a", "b"], "one");
      await stage.came({
        [`POST ${stage.edit(query)}`]: 1,
        [`GET ${stage.part()}`]: 1,
        ...fetched(stage, ["a", "b"], 2),
      });
      assert.deepEqual(await tab.do("events"), eventsOfEdit(stage, null));
      assert.deepEqual(await second.do("events"), eventsOfEdit(stage, null));
    },
  );
}

for (const [what, boost, hops] of [
  ["a plain form's", "", 1],
  ["a plain form's second", "", 2],
  ["a boosted form's", `hx-boost="true"`, 1],
  ["a boosted form's second", `hx-boost="true"`, 2],
]) {
  scenario(
    `the page that ${what} redirect leads to fetches nothing, and another tab once`,
    async (stage) => {
      const { tab, prefix } = stage;
      await keepLanding(stage);
      const hop = `${prefix}/hop/?${new URLSearchParams({ to: landing(stage) })}`;
      const query = { to: hops === 1 ? landing(stage) : hop };
      await stage.open(plainForm(stage, query, boost) + both(stage, ["c", "d"]));
      const second = await stage.another();
      if (boost) {
        await tab.do("click", "#send");
      } else {
        await tab.follow("#send");
      }
      await show(tab, ["a", "b"], "one");
      assert.equal(await tab.do("path"), landing(stage));
      await show(second, ["c", "d"], "one");
      await stage.came({
        [`POST ${stage.edit(query)}`]: 1,
        ...(hops === 2 && { [`GET ${hop}`]: 1 }),
        [`GET ${landing(stage)}`]: 1,
        ...fetched(stage, ["c", "d"]),
      });

      // It is as alive as any page.
      await second.do("fetch", stage.edit(), "two");
      await show(tab, ["a", "b"], "two");
      await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b", "c", "d"]) });
    },
  );
}

scenario("a form of htmx's over two hops refreshes the rest of the page once", async (stage) => {
  const { tab, prefix } = stage;
  await stage.keepPart(`${stage.id}-box`, both(stage));
  const box = stage.page(`${stage.id}-box`);
  const query = { to: `${prefix}/hop/?${new URLSearchParams({ to: box })}` };
  await stage.open(htmxForm(stage, query) + both(stage, ["c", "d"]));
  await tab.do("click", "#send");
  await show(tab, ["a", "b", "c", "d"], "one");
  await stage.came({
    [`POST ${stage.edit(query)}`]: 1,
    [`GET ${query.to}`]: 1,
    [`GET ${box}`]: 1,
    ...fetched(stage, ["c", "d"]),
  });
});

for (const [what, act] of [
  ["htmx", (tab) => tab.do("click", "#send")],
  ["fetch", (tab, stage, query) => tab.do("fetch", stage.edit(query), "one")],
  ["xhr", (tab, stage, query) => tab.do("xhr", stage.edit(query), "one")],
]) {
  scenario(`of a POST of ${what} that is sent on to two others nothing is lost`, async (stage) => {
    const { tab, other } = stage;
    const last = stage.edit({ to: stage.part(other) }, other);
    const query = { to: last, status: 307 };
    const source = `mizan-src="${stage.part(other)}?c" mizan-context="note;note_id=${other}"`;
    await stage.open(`${htmxForm(stage, query)}${both(stage)}<p id="c" ${source}></p>`);
    await act(tab, stage, query);
    await show(tab, ["a", "b", "c"], "one");
    await stage.came({
      [`POST ${stage.edit(query)}`]: 1,
      [`POST ${last}`]: 1,
      [`GET ${stage.part(other)}`]: 1,
      [`GET ${stage.part(other)}?c`]: 1,
      ...fetched(stage, ["a", "b"]),
    });
    assert.equal((await tab.do("events")).length, 6);
  });
}

scenario("a boosted link fetches the page and nothing else", async (stage) => {
  const { tab } = stage;
  await keepLanding(stage);
  await stage.open(`<a id="link" hx-boost="true" href="${landing(stage)}">Landing</a>`);
  await tab.do("fetch", stage.edit(), "one");
  await tab.do("settled");
  stage.count();
  await tab.do("click", "#link");
  await show(tab, ["a", "b"], "one");
  await stage.came({ [`GET ${landing(stage)}`]: 1 });
  await tab.do("fetch", stage.edit(), "two");
  await show(tab, ["a", "b"], "two");
  await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b"]) });
});

scenario("a boosted link shows what is new though the HTTP cache has the page", async (stage) => {
  const { tab } = stage;
  await keepLanding(stage, { "Cache-Control": "max-age=60" });
  const link = `<a id="link" hx-boost="true" href="${landing(stage)}">Landing</a>`;
  await stage.open(`<div id="box" hx-get="${landing(stage)}">Box</div>${link}`);
  await tab.do("click", "#box");
  await show(tab, ["a", "b"], "");
  await tab.do("fetch", stage.edit(), "one");
  await show(tab, ["a", "b"], "one");
  await tab.do("settled");
  stage.count();
  await tab.do("click", "#link");
  await tab.until(landing(stage), "path");
  await stage.came({ [`GET ${landing(stage)}`]: 1 });
  await show(tab, ["a", "b"], "one");
});

for (const [what, act] of [
  ["htmx", (tab) => tab.do("click", "#send")],
  ["fetch", (tab, stage, query) => tab.do("fetch", stage.edit(query), "one")],
  ["xhr", (tab, stage, query) => tab.do("xhr", stage.edit(query), "one")],
]) {
  scenario(`a redirect of ${what} to what the HTTP cache has is not lost`, async (stage) => {
    const { tab } = stage;
    const query = { to: `${stage.part()}?cache=max-age%3D60` };
    await stage.open(
      `<p id="first" hx-get="${query.to}">Nothing</p>${htmxForm(stage, query)}${both(stage)}`,
    );
    await tab.do("click", "#first");
    await tab.until("", "text", "#first");
    await tab.do("settled");
    stage.count();
    await act(tab, stage, query);
    await show(tab, ["a", "b"], "one");
    if (what === "htmx") {
      await show(tab, ["out"], "one");
    }
    await stage.came(
      {
        [`POST ${stage.edit(query)}`]: 1,
        ...(what === "htmx" && { [`GET ${query.to}`]: 1 }),
        ...fetched(stage, ["a", "b"]),
      },
      what !== "htmx" && `GET ${query.to}`,
    );
  });
}

const quiet = `<meta name="htmx-config" content='{"includeIndicatorStyles": false, "includeIndicatorCSS": false}'>`;

/** The landing page, from the HTTP cache as well. */
async function keepCached(stage) {
  await stage.keepCached(`${stage.id}-landing`, quiet + stage.scripts + both(stage));
}

scenario("a form that leads to a page that the HTTP cache has shows what is new", async (stage) => {
  const { tab, gateway } = stage;
  await keepCached(stage);
  const query = { to: landing(stage) };
  await stage.open(`<a id="link" href="${landing(stage)}">Landing</a>${plainForm(stage, query)}`);
  await tab.follow("#link");
  await tab.go(gateway.url + stage.page());
  await tab.do("settled");
  stage.count();
  await tab.follow("#send");
  await show(tab, ["a", "b"], "one");
  await stage.came({ [`POST ${stage.edit(query)}`]: 1, [`GET ${landing(stage)}`]: 1 });
});

scenario("a link to a page that the HTTP cache has shows what is new", async (stage) => {
  const { tab, gateway } = stage;
  await keepCached(stage);
  await stage.open(`<a id="link" href="${landing(stage)}">Landing</a>`);
  await tab.follow("#link");
  await tab.go(gateway.url + stage.page());
  await tab.do("fetch", stage.edit(), "one");
  await tab.do("settled");
  stage.count();
  await tab.follow("#link");
  await show(tab, ["a", "b"], "one");
  await stage.came(fetched(stage, ["a", "b"]));
});

scenario(
  "what the page that a form leads to loads is new though the HTTP cache has it",
  async (stage) => {
    const { tab } = stage;
    const query = "?cache=max-age%3D60";
    const part = byHtmx(stage, "a", `${ofNote(stage)} hx-trigger="load"`, query);
    await stage.keep(part, { name: `${stage.id}-landing` });
    const form = plainForm(stage, { to: landing(stage) });
    await stage.open(byHtmx(stage, "first", `hx-trigger="load"`, query) + form);
    await tab.follow("#send");
    await show(tab, ["a"], "one");
  },
);

for (const header of ["HX-Location", "HX-Redirect"]) {
  scenario(
    `${header} refreshes another tab once, and fetches nothing for the page it leads to`,
    async (stage) => {
      const { tab } = stage;
      await keepLanding(stage);
      const query = { [header]: landing(stage) };
      await stage.open(htmxForm(stage, query) + both(stage, ["c", "d"]));
      const second = await stage.another();
      if (header === "HX-Location") {
        await tab.do("click", "#send");
        await tab.until(landing(stage), "path");
      } else {
        await tab.follow("#send");
      }
      await show(tab, ["a", "b"], "one");
      await show(second, ["c", "d"], "one");
      await stage.came({
        [`POST ${stage.edit(query)}`]: 1,
        [`GET ${landing(stage)}`]: 1,
        ...fetched(stage, ["c", "d"]),
      });
    },
  );
}

// Engines that know no such rules would show this as any link.
for (const kind of engine === "chromium" ? ["prefetch", "prerender"] : []) {
  scenario(`a page shows what is new that the browser had by ${kind} before`, async (stage) => {
    const { tab, gateway } = stage;
    await keepLanding(stage);
    const rules = { [kind]: [{ urls: [landing(stage)], eagerness: "immediate" }] };
    await stage.keepPart(`${stage.id}-rules`, JSON.stringify(rules), {
      "Content-Type": "application/speculationrules+json",
    });
    await stage.open(`<a id="link" href="${landing(stage)}">Landing</a>`, {
      headers: { "Speculation-Rules": `"${stage.page(`${stage.id}-rules`)}"` },
    });
    await gateway.sent(`GET ${landing(stage)}`, 200);
    await tab.do("fetch", stage.edit({ to: stage.part() }), "one");
    await tab.do("settled");
    stage.count();
    await tab.follow("#link");
    await show(tab, ["a", "b"], "one");
    await stage.came(fetched(stage, ["a", "b"]));
  });
}

scenario("a page that comes back by the back button shows what is new", async (stage) => {
  const { tab, gateway } = stage;
  await stage.open(both(stage));
  const second = await stage.another();
  await stage.keep("<h1>Away</h1>", { name: `${stage.id}-away` });
  await tab.go(gateway.url + stage.page(`${stage.id}-away`));
  await second.do("fetch", stage.edit({ to: stage.part() }), "one");
  await show(second, ["a", "b"], "one");
  stage.count();
  await tab.leave(async () => (await tab.front()).navigate().back());
  assert.equal(await tab.do("restored"), 1);
  await show(tab, ["a", "b"], "one");
  await stage.came(fetched(stage, ["a", "b"]));
});

scenario("a page that the history brings back shows what is new", async (stage) => {
  const { tab } = stage;
  await keepLanding(stage);
  await stage.keep("<h1>Away</h1>", { name: `${stage.id}-away` });
  await stage.open(
    `<a id="link" hx-boost="true" href="${stage.page(`${stage.id}-away`)}">Away</a>${both(stage)}`,
  );
  await tab.do("click", "#link");
  await tab.until(null, "text", "#a");
  await tab.do("fetch", stage.edit(), "one");
  await tab.do("settled");
  stage.count();
  await tab.do("back");
  await show(tab, ["a", "b"], "one");
  // htmx 2 has a copy of what the page showed, htmx 4 asks for the page.
  await stage.came(
    stage.version === 2 ? fetched(stage, ["a", "b"]) : { [`GET ${stage.page()}`]: 1 },
  );
});

scenario(
  "a page that the history brings back shows what is new though the HTTP cache has it",
  async (stage) => {
    const { tab } = stage;
    await stage.keep("<h1>Away</h1>", { name: `${stage.id}-away` });
    const link = `<a id="link" hx-boost="true" href="${stage.page(`${stage.id}-away`)}">Away</a>`;
    await stage.open(link + both(stage), { headers: { "Cache-Control": "max-age=60" } });
    await tab.do("click", "#link");
    await tab.until(null, "text", "#a");
    await tab.do("fetch", stage.edit(), "one");
    await tab.do("settled");
    stage.count();
    await tab.do("back");
    await show(tab, ["a", "b"], "one");
    await stage.came({ [`GET ${stage.page()}`]: 1 });
  },
  [4],
);

scenario(
  "a page of which htmx's history has a copy shows what is new",
  async (stage) => {
    const { tab } = stage;
    await stage.keep("<h1>Away</h1>", { name: `${stage.id}-away` });
    const link = `<a id="link" hx-boost="true" href="${stage.page(`${stage.id}-away`)}">Away</a>`;
    const head = `${stage.scripts}<script src="${stage.prefix}/ext/hx-history-cache.min.js" defer></script>`;
    await stage.open(link + both(stage), { head });
    await tab.do("click", "#link");
    await tab.until(null, "text", "#a");
    await tab.do("fetch", stage.edit(), "one");
    await tab.do("settled");
    stage.count();
    await tab.do("back");
    await show(tab, ["a", "b"], "one");
    await stage.came(fetched(stage, ["a", "b"]));
  },
  [4],
);

scenario("of 40 redirects each is heard once in either of two tabs", async (stage) => {
  const { tab } = stage;
  const query = { to: stage.part() };
  await stage.open(both(stage));
  const second = await stage.another();
  await second.do("poll", stage.part(stage.other));
  await tab.do("fetchMany", stage.edit(query), "text", 40, 4);
  const last = await tab.do("read", stage.part());
  for (const each of [tab, second]) {
    await show(each, ["a", "b"], last);
    await each.do("settled");
    const events = (await each.do("events")).filter(({ type }) => type === "mizan:invalidate");
    assert.equal(events.length, 40);
  }
  assert.ok((await second.do("stopPolling")) > 0);
  assert.equal(stage.tally()[`POST ${stage.edit(query)}`], 40);
});
