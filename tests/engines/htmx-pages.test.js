// What surrounds a page: a prefix before all its paths, a strict policy, an API on another origin, who debugs it.

import assert from "node:assert/strict";
import {
  both,
  byHtmx,
  bySource,
  eventsOfEdit,
  fetched,
  htmxForm,
  ofNote,
  plainForm,
  show,
} from "./fragments.js";
import { Gateway } from "./gateway.js";
import { openStage } from "./stage.js";

const scenario = openStage("htmx-pages", { PREFIX: "/app" });

scenario("nothing of a page needs more of its policy than script-src 'self'", async (stage) => {
  const { tab } = stage;
  await stage.open(htmxForm(stage) + both(stage));
  assert.deepEqual(await tab.do("forbidden"), ["eval", "WebAssembly"]);
  await tab.do("complaints");
  await tab.do("click", "#send");
  await show(tab, ["out", "a", "b"], "one");
  await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b"]) });
  assert.deepEqual(await tab.do("console"), [], "nobody who does not debug reads anything");
});

scenario(
  "below a prefix a redirect is heard of by the page it leads to and by another tab",
  async (stage) => {
    const { tab } = stage;
    const name = `${stage.id}-landing`;
    await stage.keep(both(stage), { name });
    const query = { to: stage.page(name) };
    await stage.open(plainForm(stage, query) + both(stage, ["c", "d"]));
    const second = await stage.another();
    await tab.follow("#send");
    await show(tab, ["a", "b"], "one");
    await show(second, ["c", "d"], "one");
    await stage.came({
      [`POST ${stage.edit(query)}`]: 1,
      [`GET ${stage.page(name)}`]: 1,
      ...fetched(stage, ["c", "d"]),
    });
  },
);

/** Another origin of the same site, and the policy of pages that may ask it. */
async function openAbroad(stage) {
  const abroad = await Gateway.open("127.0.1.1", stage.site.port);
  const policy = `default-src 'none'; connect-src 'self' ${abroad.url}; img-src data:; script-src 'self'`;
  return { abroad, headers: { "Content-Security-Policy": policy } };
}

for (const [kind, plain] of [
  ["fetch", { headers: {} }],
  ["xhr", {}],
]) {
  scenario(
    `an answer of another origin to ${kind} counts if the page names that origin`,
    async (stage) => {
      const { tab } = stage;
      const { abroad, headers } = await openAbroad(stage);
      try {
        const url = `${abroad.url}${stage.prefix}/abroad/${stage.id}/edit/?expose=X-Mizan-Invalidate`;
        const head = `${stage.htmx}{% mizan_htmx base_url="${abroad.url}/" %}`;
        await stage.open(both(stage), { head, headers });
        await tab.do(kind, url, "one", plain);
        await show(tab, ["a", "b"], "one");
        await stage.came(fetched(stage, ["a", "b"]));
        assert.deepEqual(await tab.do("events"), eventsOfEdit(stage, null));

        // It is a stranger to pages that do not name it.
        await stage.open(both(stage), { name: `${stage.id}-other`, headers });
        await tab.do(kind, url, "two", plain);
        await stage.came({});
        assert.deepEqual(await tab.do("events"), []);
      } finally {
        await abroad.close();
      }
    },
  );

  scenario(
    `a header that another origin does not let ${kind} see is told of once`,
    async (stage) => {
      const { tab } = stage;
      const { abroad, headers } = await openAbroad(stage);
      try {
        const url = `${abroad.url}${stage.prefix}/abroad/${stage.id}/edit/`;
        const head = `${stage.htmx}{% mizan_htmx base_url="${abroad.url}/" %}`;
        await stage.open(both(stage), { head, headers });
        await tab.do(kind, url, "one", plain);
        await tab.do(kind, url, "two", plain);
        await stage.came({});
        const complaints = await tab.do("complaints");
        assert.equal(complaints.length, 1);
        assert.match(complaints[0], /^warn: .*Access-Control-Expose-Headers: X-Mizan-Invalidate/);
      } finally {
        await abroad.close();
      }
    },
  );
}

scenario("an attribute that cannot be read counts as everything, and is told of", async (stage) => {
  const { tab } = stage;
  await stage.open(bySource(stage, "a", `mizan-context="note;;"`));
  const errors = (await tab.do("events")).filter(({ type }) => type === "mizan:error");
  assert.deepEqual(
    errors.map(({ detail: { element, position } }) => ({ element, position })),
    [{ element: "a", position: 5 }],
  );
  assert.equal((await tab.do("complaints")).length, 1, "one line in the console");
  await tab.do("fetch", `${stage.prefix}/say/?list=secret`, "");
  await stage.came({
    [`POST ${stage.prefix}/say/?list=secret`]: 1,
    [`GET ${stage.part()}`]: 1,
  });
});

scenario("who debugs a page reads what came, what it concerned and what not", async (stage) => {
  const { tab, other } = stage;
  const head = `${stage.htmx}{% mizan_htmx debug=True %}`;
  await stage.open(
    both(stage) + bySource(stage, "c", `mizan-context="note;note_id=${other}"`, "?c"),
    { head },
  );
  await tab.do("console");
  await tab.do("fetch", stage.edit(), "one");
  await show(tab, ["a", "b"], "one");
  await stage.came({ [`POST ${stage.edit()}`]: 1, ...fetched(stage, ["a", "b"]) });
  const lines = (await tab.do("console")).join("\n");
  assert.match(lines, new RegExp(`header note\\?note_id=${stage.id},bulletin`));
  for (const id of ["a", "b", "c"]) {
    assert.match(lines, new RegExp(`<p#${id}>`));
  }
});

scenario("who debugs a page is warned of what cannot work", async (stage) => {
  const { tab } = stage;
  const head = `${stage.htmx}{% mizan_htmx debug=True %}`;
  await stage.open(
    byHtmx(stage, "right", ofNote(stage)) +
      bySource(stage, "misspelt", `mizan-context="notes"`) +
      `<p id="nothing" mizan-context="note">Nothing to fetch</p>
      <p id="unsafe" mizan-context="note" hx-post="${stage.edit()}">No GET</p>
      ${bySource(stage, "malformed", `mizan-context="note;note_id"`)}`,
    { head },
  );
  const complaints = await tab.do("complaints");
  for (const id of ["misspelt", "nothing", "unsafe"]) {
    const about = complaints.filter((line) => line.includes(`<p#${id}>`));
    assert.equal(about.length, 1, `${id}: ${JSON.stringify(complaints)}`);
    assert.match(about[0], /^warn: /);
  }
  assert.ok(!complaints.some((line) => line.includes("<p#right>")));
});
