// Pages of templates, and what an invalidation does to them: to the answers alone (HX-Trigger), as events, and
// to the elements that say what they show.

import assert from "node:assert/strict";
import {
  both,
  byHtmx,
  bySource,
  eventsOfEdit,
  fetched,
  htmxForm,
  ofNote,
  show,
} from "./fragments.js";
import { engine, openStage } from "./stage.js";

const scenario = openStage("htmx-fragments");

/** Whose HTTP cache answers with what it has while it revalidates, if it is allowed to. */
const STALE_WHILE_REVALIDATE = { chromium: true, firefox: true, webkit: false };

scenario(
  "without the script, an answer to htmx refreshes what listens for the context",
  async (stage) => {
    const { tab } = stage;
    const body = htmxForm(stage) + byHtmx(stage, "a", `hx-trigger="mizan:note from:body"`);
    await stage.open(body, { head: stage.htmx });
    await tab.do("click", "#send");
    await tab.until("one", "text", "#a");
    await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}`]: 1 });
  },
);

scenario("with the script, the event of the same page comes once", async (stage) => {
  const { tab } = stage;
  await stage.open(htmxForm(stage) + byHtmx(stage, "a", `hx-trigger="mizan:note from:body"`));
  await tab.do("click", "#send");
  await tab.until("one", "text", "#a");
  await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}`]: 1 });
  assert.deepEqual(await tab.do("events"), eventsOfEdit(stage, "one"));
});

for (const kind of ["fetch", "xhr"]) {
  scenario(
    `the answer to the page's own ${kind} is an event, and one for each context`,
    async (stage) => {
      const { tab } = stage;
      await stage.open(byHtmx(stage, "a", `hx-trigger="mizan:bulletin from:body"`));
      await tab.do(kind, stage.edit(), "one");
      await tab.until("one", "text", "#a");
      await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}`]: 1 });
      assert.deepEqual(await tab.do("events"), eventsOfEdit(stage, null));
    },
  );
}

for (const swap of ["innerHTML swap:40ms", "innerHTML transition:true"]) {
  scenario(`events come after a swap that takes its time (${swap})`, async (stage) => {
    const { tab } = stage;
    const form = htmxForm(stage).replace("hx-target", `hx-swap="${swap}" hx-target`);
    await stage.open(form + both(stage));
    await tab.do("click", "#send");
    await show(tab, ["a", "b"], "one");
    await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b"]) });
    assert.deepEqual(await tab.do("events"), eventsOfEdit(stage, "one"));
  });
}

scenario("the answer to a form counts that is gone by then", async (stage) => {
  const { tab, gateway } = stage;
  await stage.open(htmxForm(stage) + both(stage));
  const held = gateway.hold(`POST ${stage.edit()}`);
  await tab.do("click", "#send");
  await held.arrived(1);
  await tab.do("remove", "form");
  held.releaseAll();
  await show(tab, ["a", "b"], "one");
  await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b"]) });
  assert.equal((await tab.do("events")).length, 3);
});

scenario(
  "what concerns everything is an event for each context that the page mentions",
  async (stage) => {
    const { tab } = stage;
    await stage.open(
      byHtmx(stage, "a", `hx-trigger="mizan:note from:body"`) +
        bySource(stage, "b", `mizan-context="bulletin"`, "?b"),
    );
    await tab.do("fetch", `${stage.prefix}/say/?list=*`, "");
    await stage.came({
      [`POST ${stage.prefix}/say/?list=*`]: 1,
      [`GET ${stage.part()}`]: 1,
      [`GET ${stage.part()}?b`]: 1,
    });
    const events = await tab.do("events");
    assert.deepEqual(events[0].type, "mizan:invalidate");
    assert.deepEqual(
      events
        .slice(1)
        .map(({ type }) => type)
        .sort(),
      ["mizan:bulletin", "mizan:note"],
    );
  },
);

scenario("a listener that throws keeps nobody else from hearing", async (stage) => {
  const { tab } = stage;
  await stage.open(htmxForm(stage) + bySource(stage, "a", ofNote(stage)));
  await tab.do("listen", "mizan:invalidate", "mine");
  await tab.do("listen", "mizan:note", "mine, too");
  await tab.do("click", "#send");
  await tab.until("one", "text", "#a");
  await tab.until("one", "text", "#out");
  await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}`]: 1 });
  assert.equal((await tab.do("events")).length, 3);
  const complaints = await tab.do("complaints");
  assert.equal(complaints.length, 2);
  assert.ok(complaints.every((text) => text.startsWith("exception: ") && text.includes("mine")));
});

scenario(
  "exactly the elements that show what was changed are fetched, each once",
  async (stage) => {
    const { tab, id, other } = stage;
    const elements = {
      a: ofNote(stage),
      b: `data-mizan-context="note"`,
      c: `mizan-context="secret, bulletin;note_id=${id}"`,
      d: `mizan-context="*"`,
      e: `mizan-context="note;page=2"`,
      x: `mizan-context="note;note_id=${other}"`,
      y: `data-mizan-context="secret"`,
      z: "",
    };
    const body = Object.entries(elements).map(
      ([name, attributes]) =>
        byHtmx(stage, name, attributes, `?${name}`) +
        bySource(stage, `${name}s`, attributes, `?${name}s`),
    );
    await stage.open(
      htmxForm(stage) +
        body.join("") +
        `<p id="f" data-hx-get="${stage.part()}?f" data-mizan-context="note"></p><p id="g" data-mizan-src="${stage.part()}?g" data-mizan-context="note"></p>`,
    );
    await tab.do("click", "#send");
    const expected = { [`POST ${stage.edit()}`]: 1 };
    for (const name of ["a", "b", "c", "d", "e"]
      .flatMap((name) => [name, `${name}s`])
      .concat("f", "g")) {
      await tab.until("one", "text", `#${name}`);
      expected[`GET ${stage.part()}?${name}`] = 1;
    }
    await stage.came(expected);
    assert.deepEqual(await tab.do("texts", "#x, #xs, #y, #ys, #z, #zs"), Array(6).fill(""));
  },
);

scenario(
  "elements that a later swap brings are fetched, and those that it takes away are not",
  async (stage) => {
    const { tab } = stage;
    await stage.keepPart(`${stage.id}-new`, bySource(stage, "new", ofNote(stage), "?new"));
    await stage.open(
      `<button id="swap" hx-get="${stage.page(`${stage.id}-new`)}" hx-target="#box">Swap</button>
    <div id="box">${byHtmx(stage, "old", ofNote(stage), "?old")}</div>`,
    );
    await tab.do("click", "#swap");
    await tab.until(null, "text", "#old");
    await tab.do("settled");
    stage.count();
    await tab.do("fetch", stage.edit(), "one");
    await tab.until("one", "text", "#new");
    await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}?new`]: 1 });

    await tab.do("remove", "#new");
    await tab.do("fetch", stage.edit(), "two");
    await stage.came({ [`POST ${stage.edit()}`]: 1 });
  },
);

scenario("what an element says it shows may change", async (stage) => {
  const { tab } = stage;
  await stage.open(bySource(stage, "a", `mizan-context="note;note_id=${stage.other}"`));
  await tab.do("fetch", stage.edit(), "one");
  await stage.came({ [`POST ${stage.edit()}`]: 1 });
  await tab.do("set", "#a", "mizan-context", `note;note_id=${stage.id}`);
  await tab.do("fetch", stage.edit(), "two");
  await tab.until("two", "text", "#a");
  await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}`]: 1 });
});

scenario("six invalidations at once are one request for each element", async (stage) => {
  const { tab, id } = stage;
  await stage.open(both(stage));
  await stage.site.write(id, "one");
  const list = { context: "note", params: { note_id: id } };
  await tab.do("invalidateInOneTurn", [["note"], [list], ["*"], [list, "note"], ["note"], [list]]);
  await show(tab, ["a", "b"], "one");
  await stage.came({ ...fetched(stage, ["a", "b"]) });
});

for (const [kind, element] of [
  ["htmx", byHtmx],
  ["the script", bySource],
]) {
  scenario(
    `an invalidation while ${kind} fetches is not lost, and one more request shows it`,
    async (stage) => {
      const { tab, gateway } = stage;
      await stage.open(element(stage, "a", ofNote(stage)));
      const held = gateway.hold(`GET ${stage.part()}`);
      await tab.do("fetch", stage.edit(), "one");
      await held.arrived(1);
      for (const text of ["two", "three", "four"]) {
        await tab.do("fetch", stage.edit(), text);
      }
      held.releaseAll();
      await tab.until("four", "text", "#a");
      await stage.came({ [`POST ${stage.edit()}`]: 4, [`GET ${stage.part()}`]: 2 });
    },
  );

  for (const cache of ["max-age=60", "max-age=0, stale-while-revalidate=300"]) {
    scenario(
      `what ${kind} fetches is new where the HTTP cache has it (${cache})`,
      async (stage) => {
        const { tab, gateway } = stage;
        const query = `?${new URLSearchParams({ cache })}`;
        const url = stage.part() + query;
        await stage.open(element(stage, "a", ofNote(stage), query));
        assert.equal(await tab.do("readCached", url), "");
        await stage.site.write(stage.id, "one");
        // The trap is real.
        const trapped = cache === "max-age=60" || STALE_WHILE_REVALIDATE[engine];
        assert.equal(await tab.do("readCached", url), trapped ? "" : "one");
        if (cache !== "max-age=60") {
          await gateway.came(`GET ${url}`, 2);
        }
        stage.count();
        await tab.do("invalidate", ["note"]);
        await tab.until("one", "text", "#a");
        await stage.came({ [`GET ${stage.part()}${query}`]: 1 });
      },
    );
  }

  scenario(
    `an answer to ${kind} does not refresh what it was for, whatever its header says`,
    async (stage) => {
      const { tab } = stage;
      const query = "?says=note%2C%20*";
      await stage.open(element(stage, "a", ofNote(stage), query));
      await tab.do("fetch", stage.edit(), "one");
      await tab.until("one", "text", "#a");
      await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}${query}`]: 1 });
    },
  );

  scenario(
    `an element that is removed while ${kind} fetches leaves nothing behind`,
    async (stage) => {
      const { tab, gateway } = stage;
      await stage.open(element(stage, "a", ofNote(stage)));
      const held = gateway.hold(`GET ${stage.part()}`);
      await tab.do("fetch", stage.edit(), "one");
      await held.arrived(1);
      await tab.do("remove", "#a");
      held.releaseAll();
      await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}`]: 1 });
      await tab.do("fetch", stage.edit(), "two");
      await stage.came({ [`POST ${stage.edit()}`]: 1 });
    },
  );

  for (const status of [500, 503]) {
    scenario(`a ${status} that ${kind} gets is never shown, and asked again`, async (stage) => {
      const { tab, gateway } = stage;
      await stage.open(element(stage, "a", ofNote(stage)));
      await tab.do("watch", "#a");
      gateway.fail(`GET ${stage.part()}`, status);
      await tab.do("fetch", stage.edit(), "one");
      await tab.until("one", "text", "#a");
      await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}`]: 2 });
      assert.deepEqual(new Set(await tab.do("shown")), new Set(["one"]));
      assert.deepEqual(await tab.do("events"), eventsOfEdit(stage, null));
      await tab.do("complaints"); // what htmx says of the status
    });
  }

  scenario(
    `a 404 that ${kind} gets is an error, and nothing is shown until the next invalidation`,
    async (stage) => {
      const { tab, gateway } = stage;
      await stage.open(element(stage, "a", ofNote(stage)));
      await tab.do("watch", "#a");
      gateway.fail(`GET ${stage.part()}`, 404);
      await tab.do("invalidate", ["note"]);
      await stage.came({ [`GET ${stage.part()}`]: 1 });
      assert.deepEqual(await tab.do("shown"), []);
      const errors = (await tab.do("events")).filter(({ type }) => type === "mizan:error");
      assert.deepEqual(
        errors.map(({ detail: { element, status } }) => ({ element, status })),
        [{ element: "a", status: 404 }],
      );
      const lines = (await tab.do("complaints")).filter((line) => /mizan/i.test(line));
      assert.equal(lines.length, 1, "one line in the console");

      await tab.do("fetch", stage.edit(), "one");
      await tab.until("one", "text", "#a");
      await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}`]: 1 });
    },
  );

  scenario(
    `what changes while there is no network ${kind} fetches when it is back`,
    async (stage) => {
      const { tab, gateway, site } = stage;
      await stage.open(element(stage, "a", ofNote(stage)));
      await gateway.close();
      await tab.do("setOnline", false);
      await site.write(stage.id, "one");
      await tab.do("invalidate", ["note"]);
      assert.equal(await tab.do("text", "#a"), "");
      await gateway.listen();
      await tab.do("setOnline", true);
      await tab.until("one", "text", "#a");
      await stage.came({ [`GET ${stage.part()}`]: 1 });
    },
  );
}

scenario(
  "what comes with the very answer that tells of the change is not fetched again",
  async (stage) => {
    const { tab } = stage;
    const name = `${stage.id}-box`;
    await stage.keepPart(name, both(stage));
    await stage.open(htmxForm(stage, { template: name }) + both(stage, ["c", "d"]));
    await tab.do("click", "#send");
    await show(tab, ["a", "b", "c", "d"], "one");
    await stage.came({
      [`POST ${stage.edit({ template: name })}`]: 1,
      ...fetched(stage, ["c", "d"]),
    });
  },
);

scenario("a form whose answer was not waited for may have changed anything", async (stage) => {
  const { tab, gateway } = stage;
  await stage.open(htmxForm(stage) + both(stage));
  const second = await stage.another();
  const held = gateway.hold(`POST ${stage.edit()}`);
  await tab.do("click", "#send");
  await held.arrived(1);
  await tab.do("abort", "form");
  await show(tab, ["a", "b"], "one");
  await show(second, ["a", "b"], "one");
  held.releaseAll();
  await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b"], 2) });
  assert.deepEqual((await tab.do("events"))[0].detail, ["*"]);
  await tab.do("complaints"); // what htmx says of the end
});

scenario("a form that a gateway has answered may have changed anything", async (stage) => {
  const { tab, gateway } = stage;
  await stage.open(htmxForm(stage) + both(stage));
  gateway.fail(`POST ${stage.edit()}`, 502);
  await tab.do("click", "#send");
  await show(tab, ["a", "b"], "one");
  await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b"]) });
  assert.deepEqual((await tab.do("events"))[0].detail, ["*"]);
  await tab.do("complaints"); // what htmx says of the status
});

scenario("a form whose answer breaks off has changed what its header says", async (stage) => {
  const { tab, gateway } = stage;
  await stage.open(htmxForm(stage) + both(stage));
  let breakOff;
  const when = new Promise((resolve) => {
    breakOff = resolve;
  });
  gateway.cut(`POST ${stage.edit()}`, 1, when);
  await tab.do("click", "#send");
  await tab.until(true, "has", "#a[mizan-stale]"); // the header is there
  breakOff();
  await show(tab, ["a", "b"], "one");
  await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b"]) });
  assert.deepEqual((await tab.do("events"))[0].detail, eventsOfEdit(stage)[0].detail);
  await tab.do("complaints"); // what htmx says of it
});

scenario("what one tab changes another one fetches once", async (stage) => {
  const { tab } = stage;
  await stage.open(htmxForm(stage) + both(stage));
  const second = await stage.another();
  await tab.do("click", "#send");
  for (const each of [tab, second]) {
    await show(each, ["a", "b"], "one");
  }
  await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b"], 2) });
  assert.deepEqual(await second.do("events"), eventsOfEdit(stage, ""));
});

scenario("content that comes after a change that is newer does not stay", async (stage) => {
  const { tab, gateway } = stage;
  const name = `${stage.id}-box`;
  await stage.keepPart(name, both(stage));
  const post = `POST ${stage.edit({ template: name })}`;
  await stage.open(htmxForm(stage, { template: name }));
  const held = gateway.hold(post);
  await tab.do("click", "#send");
  await held.arrived(1);
  await tab.do("fetch", stage.edit(), "two");
  held.releaseAll();
  await show(tab, ["a", "b"], "two");
  await stage.came({
    [post]: 1,
    [`POST ${stage.edit()}`]: 1,
    ...fetched(stage, ["a", "b"]),
  });
});

scenario(
  "what a user's own GET brings that is older than a change does not stay",
  async (stage) => {
    const { tab, gateway } = stage;
    await stage.open(byHtmx(stage, "a", ofNote(stage), "?a"));
    const held = gateway.hold(`GET ${stage.part()}?a`);
    await tab.do("click", "#a");
    await held.arrived(1);
    await tab.do("fetch", stage.edit(), "one");
    held.releaseAll();
    await show(tab, ["a"], "one");
    await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a"], 2) });
  },
);

for (const [what, source] of [
  ["was redirected", (stage) => `/hop/?${new URLSearchParams({ to: stage.part() })}`],
  ["is not HTML", () => "/static/mizan/mizan-htmx.js"],
]) {
  scenario(`an answer that ${what} is not shown, and an error`, async (stage) => {
    const { tab } = stage;
    await stage.open(`<p id="a" mizan-src="${source(stage)}" ${ofNote(stage)}>old</p>`);
    await tab.do("watch", "#a");
    await tab.do("invalidate", ["note"]);
    await tab.do("settled");
    const errors = (await tab.do("events")).filter(({ type }) => type === "mizan:error");
    assert.deepEqual(
      errors.map(({ detail }) => detail.element),
      ["a"],
    );
    assert.deepEqual(await tab.do("shown"), []);
    assert.equal((await tab.do("complaints")).length, 1, "one line in the console");
  });
}

scenario("what an answer brings out of band is not fetched again", async (stage) => {
  const { tab } = stage;
  const name = `${stage.id}-oob`;
  const fragments = both(stage).replaceAll("mizan-context", `hx-swap-oob="true" mizan-context`);
  await stage.keepPart(name, `Saved.${fragments}`);
  await stage.open(htmxForm(stage, { template: name }) + both(stage) + both(stage, ["c", "d"]));
  await tab.do("click", "#send");
  await show(tab, ["a", "b", "c", "d"], "one");
  await stage.came({
    [`POST ${stage.edit({ template: name })}`]: 1,
    ...fetched(stage, ["c", "d"]),
  });
});

scenario("an element is refreshed as its own attributes say", async (stage) => {
  const { tab } = stage;
  await stage.open(
    byHtmx(stage, "a", `${ofNote(stage)} hx-target="#list" hx-swap="beforeend"`) +
      `<p id="list">now:</p>`,
  );
  await tab.do("fetch", stage.edit(), "one");
  await tab.until("now:one", "text", "#list");
  assert.equal(await tab.do("text", "#a"), "");
  await tab.do("fetch", stage.edit(), "two");
  await tab.until("now:onetwo", "text", "#list");
  await stage.came({ [`POST ${stage.edit()}`]: 2, [`GET ${stage.part()}`]: 2 });
});

scenario(
  "an element may say its GET by hx-action and hx-method",
  async (stage) => {
    const { tab } = stage;
    const element = (id, method) =>
      `<p id="${id}" hx-action="${stage.part()}?${id}" hx-method="${method}" ${ofNote(stage)}></p>`;
    await stage.open(element("a", "get") + element("b", "post"));
    await tab.do("fetch", stage.edit(), "one");
    await show(tab, ["a"], "one");
    await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a"]) });
  },
  [4],
);

scenario("what is not a GET is never sent again", async (stage) => {
  const { tab } = stage;
  const verbs = ["post", "put", "patch", "delete"];
  const elements = verbs.map((verb) => `<p hx-${verb}="${stage.edit()}" ${ofNote(stage)}></p>`);
  await stage.open(elements.join("") + both(stage));
  await tab.do("fetch", stage.edit(), "one");
  await show(tab, ["a", "b"], "one");
  await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b"]) });
});

scenario("what a refresh brings along is not fetched by itself", async (stage) => {
  const { tab } = stage;
  const name = `${stage.id}-box`;
  const inner = both(stage);
  await stage.keepPart(name, inner);
  await stage.open(`<div id="box" mizan-src="${stage.page(name)}" ${ofNote(stage)}>${inner}</div>`);
  await tab.do("fetch", stage.edit(), "one");
  await show(tab, ["a", "b"], "one");
  await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.page(name)}`]: 1 });
});

scenario("elements of one source share a request, and take what has their id", async (stage) => {
  const { tab } = stage;
  const fragments = ["a", "b"]
    .map((id) => `<p id="${id}" mizan-src ${ofNote(stage)}>${id} {{ texts.${stage.id} }}</p>`)
    .join("");
  await stage.open(fragments);
  await tab.do("fetch", stage.edit(), "one");
  await tab.until("a one", "text", "#a");
  await tab.until("b one", "text", "#b");
  await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.page()}`]: 1 });
});

scenario("a morph keeps the focus, the selection and what was typed", async (stage) => {
  const { tab } = stage;
  const name = `${stage.id}-form`;
  const inner = `
    <p id="shown">{{ texts.${stage.id} }}</p>
    <details id="more"><summary>More</summary></details>
    {% if texts.${stage.id} %}<p>New</p>{% endif %}
    <label>Title <input id="title" value="server's"></label>
    <label>Text <textarea id="text">server's</textarea></label>`;
  await stage.keepPart(name, inner);
  await stage.open(`<form id="a" mizan-src="${stage.page(name)}" ${ofNote(stage)}>${inner}</form>`);
  await tab.do("set", "#more", "open", "");
  await tab.do("type", "#text", "typed, too");
  await tab.do("type", "#title", "typed", 1, 3);
  await tab.do("fetch", stage.edit(), "one");
  await tab.until("one", "text", "#shown");
  await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.page(name)}`]: 1 });
  assert.equal(await tab.do("value", "#title"), "typed");
  assert.equal(await tab.do("value", "#text"), "typed, too");
  assert.deepEqual(await tab.do("active"), { id: "title", selectionStart: 1, selectionEnd: 3 });
  assert.equal(await tab.do("has", "#more[open]"), true);
});

scenario(
  "a refresh that htmx drops for another request is made when that is over",
  async (stage) => {
    const { tab, gateway, other } = stage;
    await stage.open(
      `<section>
      <button id="busy" hx-get="${stage.part(other)}" hx-target="#out" hx-sync="closest section:drop">Other</button>
      <div id="out"></div>
      ${byHtmx(stage, "a", `${ofNote(stage)} hx-sync="closest section:drop"`)}
    </section>`,
    );
    const held = gateway.hold(`GET ${stage.part(other)}`);
    await tab.do("click", "#busy");
    await held.arrived(1);
    await tab.do("fetch", stage.edit(), "one");
    held.releaseAll();
    await tab.until("one", "text", "#a");
    await stage.came({
      [`POST ${stage.edit()}`]: 1,
      [`GET ${stage.part()}`]: 1,
      [`GET ${stage.part(other)}`]: 1,
    });
  },
);

const ours = `<script src="{% load static %}{% static "mizan/mizan-htmx.js" %}"`;
for (const [what, head, end] of [
  ["before htmx", (stage) => `{% mizan_htmx %}${stage.htmx}`, ""],
  ["before htmx and without defer", (stage) => `${ours}></script>${stage.htmx}`, ""],
  [
    "after htmx, both without defer",
    (stage) => `${stage.htmx.replace(" defer", "")}${ours}></script>`,
    "",
  ],
  ["at the end of the page", (stage) => stage.htmx, `${ours}></script>`],
  ["twice", (stage) => `${ours}></script>${stage.scripts}`, `${ours}></script>`],
]) {
  scenario(`the script works ${what}`, async (stage) => {
    const { tab } = stage;
    await stage.open(
      htmxForm(stage) +
        both(stage) +
        byHtmx(stage, "c", `hx-trigger="mizan:note from:body"`, "?c") +
        end,
      { head: head(stage) },
    );
    await tab.do("click", "#send");
    await show(tab, ["a", "b", "c"], "one");
    await stage.came({
      [`POST ${stage.edit()}`]: 1,
      ...fetched(stage, ["a", "b", "c"]),
    });
    assert.deepEqual(await tab.do("events"), eventsOfEdit(stage, "one"));
  });
}

scenario("an invalidation that comes before htmx is acted on when htmx is there", async (stage) => {
  const { tab } = stage;
  await stage.open(byHtmx(stage, "a", ofNote(stage)), { head: "{% mizan_htmx %}" });
  await tab.do("fetch", stage.edit(), "one");
  stage.assertCame({ [`POST ${stage.edit()}`]: 1 });
  await tab.do("script", `${stage.prefix}/htmx${stage.version}.js`);
  await tab.until("one", "text", "#a");
  await stage.came({ [`GET ${stage.part()}`]: 1 });
});

scenario(
  "a page without htmx has the elements that the script fetches",
  async (stage) => {
    const { tab } = stage;
    await stage.open(bySource(stage, "a", ofNote(stage)), { head: "{% mizan_htmx %}" });
    await tab.do("fetch", stage.edit(), "one");
    await tab.until("one", "text", "#a");
    await stage.came({ [`POST ${stage.edit()}`]: 1, [`GET ${stage.part()}`]: 1 });
    assert.deepEqual(await tab.do("events"), eventsOfEdit(stage, null));
  },
  [2],
);
