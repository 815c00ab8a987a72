// What the pages of the tests are made of.

/** A form of htmx's, which the edit answers. The answer goes to `#out`. */
export function htmxForm(stage, query) {
  return `
    <form hx-post="${stage.edit(query)}" hx-target="#out">
      <input name="text" value="one"><button id="send">Save</button>
    </form>
    <div id="out"></div>`;
}

/** A form that the browser sends. */
export function plainForm(stage, query, attributes = "") {
  return `
    <form method="post" action="${stage.edit(query)}" ${attributes}>
      {% csrf_token %}
      <input name="text" value="one"><button id="send">Save</button>
    </form>`;
}

/** Shows the note by a GET of htmx's. */
export function byHtmx(stage, id, attributes, query = "") {
  return `<p id="${id}" hx-get="${stage.part()}${query}" ${attributes}>{{ texts.${stage.id} }}</p>`;
}

/** Shows the note by what the script fetches. */
export function bySource(stage, id, attributes, query = "") {
  return `<p id="${id}" mizan-src="${stage.part()}${query}" ${attributes}>{{ texts.${stage.id} }}</p>`;
}

/** Says that the note is shown. */
export function ofNote(stage, context = "note") {
  return `mizan-context="${context};note_id=${stage.id}"`;
}

/** One of each kind. Their requests end with their ids. */
export function both(stage, [first, second] = ["a", "b"]) {
  return (
    byHtmx(stage, first, ofNote(stage), `?${first}`) +
    bySource(stage, second, ofNote(stage), `?${second}`)
  );
}

/** The requests of such elements. */
export function fetched(stage, ids, times = 1) {
  return Object.fromEntries(ids.map((id) => [`GET ${stage.part()}?${id}`, times]));
}

/** What an edit invalidates, as events. `out`: what `#out` shows by then. */
export function eventsOfEdit(stage, out) {
  const params = { note_id: String(stage.id) };
  const list = ["note", "bulletin"].map((context) => ({ context, params }));
  return [
    { type: "mizan:invalidate", detail: list, target: "body", out },
    { type: "mizan:note", detail: params, target: "body", out },
    { type: "mizan:bulletin", detail: params, target: "body", out },
  ];
}

/** Waits until all of them show a text. */
export async function show(tab, ids, text) {
  for (const id of ids) {
    await tab.until(text, "text", `#${id}`);
  }
}
