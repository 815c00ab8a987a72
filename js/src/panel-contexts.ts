import { type Inspection, inspect, invalidate, type Params, registerContext } from "./index.js";
import { element, mark, type Row, rowsOf, say } from "./panel-element.js";
import { ValueTree } from "./panel-tree.js";
import { age, bytes, counted } from "./panel-units.js";
import type { FetchMoment, Recording } from "./recorder.js";

/** What a view of the panel is to the panel. */
export interface View {
  readonly element: HTMLElement;
  /** The buttons that are there only for it. */
  readonly tools: readonly HTMLElement[];
  update(recording: Recording, filter: string): void;
}

const COLUMNS = ["Key", "State", "Age", "Subscribers", "Size"];

/** The contexts that the page has asked for: a table, and beside it the one that was chosen. */
export class ContextsView implements View {
  readonly #list = element("tbody");
  readonly #empty = element("p", { class: "empty" });
  readonly #detail = new ContextDetail(() => this.choose(undefined));
  readonly #rows = rowsOf<Inspection>(
    this.#list,
    ({ key }) => key,
    (item) => this.#row(item),
  );
  readonly element = element(
    "div",
    { class: "view" },
    element(
      "div",
      { class: "list", tabindex: "0", role: "group", "aria-label": "Contexts of the page" },
      element(
        "table",
        {},
        element(
          "thead",
          {},
          element("tr", {}, ...COLUMNS.map((name) => element("th", { scope: "col" }, name))),
        ),
        this.#list,
      ),
      this.#empty,
    ),
    this.#detail.element,
  );
  readonly tools = [
    element("button", { type: "button", onclick: () => invalidate(["*"]) }, "Invalidate all"),
  ];
  #chosen: string | undefined;
  #recording: Recording = { moments: [], arrivals: new Map() };
  #filter = "";
  /** A value that is there by now is at least as old as this panel. */
  readonly #since = performance.now();

  update(recording: Recording, filter: string): void {
    this.#recording = recording;
    this.#filter = filter;
    const all = inspect();
    const shown = all.filter(({ key }) => key.toLowerCase().includes(filter));
    this.#rows(shown.sort((a, b) => (a.key < b.key ? -1 : 1)));
    this.#empty.hidden = shown.length > 0;
    say(
      this.#empty,
      all.length ? "No context has such a key." : "The page has asked for no context yet.",
    );
    const chosen = all.find(({ key }) => key === this.#chosen);
    this.#detail.update(chosen, recording, chosen && this.#age(chosen));
  }

  choose(key: string | undefined): void {
    this.#chosen = key;
    this.update(this.#recording, this.#filter);
  }

  #age({ key, state }: Inspection): string {
    const arrived = this.#recording.arrivals.get(key);
    if (state.data === undefined) {
      return "–";
    }
    return arrived === undefined
      ? `> ${age(performance.now() - this.#since)}`
      : age(performance.now() - arrived);
  }

  #row({ key }: Inspection): Row<Inspection> {
    const choose = () => this.choose(this.#chosen === key ? undefined : key);
    const button = element("button", { type: "button", class: "key", onclick: choose }, key);
    const state = element("span", { class: "state" });
    const [old, subscribers, size] = [element("td"), element("td"), element("td")];
    const row = element(
      "tr",
      {},
      element("th", { scope: "row" }, button),
      element("td", {}, state),
      old,
      subscribers,
      size,
    );
    return {
      element: row,
      update: (item) => {
        const isChosen = item.key === this.#chosen;
        mark(button, "aria-pressed", `${isChosen}`);
        mark(row, "class", isChosen ? "chosen" : item.subscribers ? undefined : "idle");
        mark(state, "data-state", stateOf(item));
        say(state, stateOf(item));
        say(old, this.#age(item));
        say(subscribers, `${item.subscribers}`);
        say(size, item.size === undefined ? "–" : bytes(item.size));
      },
    };
  }
}

/** One word for how a context is. */
function stateOf({ state: { data, error, status, isFetching, isStale } }: Inspection): string {
  if (isFetching) {
    return "fetching";
  }
  if (error) {
    return status === "gone" ? "gone" : "error";
  }
  return data === undefined ? "pending" : isStale ? "stale" : "fresh";
}

class ContextDetail {
  readonly #key = element("h2", { class: "mono" });
  readonly #facts = element("p", { class: "soft" });
  readonly #why = element("p");
  readonly #error = element("p", { class: "error" });
  readonly #tree = new ValueTree();
  #item: Inspection | undefined;
  readonly element: HTMLElement;

  constructor(close: () => void) {
    const tool = (name: string, act: (item: Inspection) => void) => {
      const onclick = () => this.#item && act(this.#item);
      return element("button", { type: "button", onclick }, name);
    };
    this.element = element(
      "section",
      { class: "detail", tabindex: "0", "aria-label": "Chosen context" },
      element(
        "header",
        {},
        this.#key,
        tool("Refetch", refetch),
        tool("Invalidate", ({ context }) => invalidate([context])),
        element(
          "button",
          {
            type: "button",
            class: "quiet",
            "aria-label": "Close the chosen context",
            onclick: close,
          },
          "×",
        ),
      ),
      this.#facts,
      this.#why,
      this.#error,
      this.#tree.element,
    );
  }

  update(item: Inspection | undefined, { moments }: Recording, old = ""): void {
    const isOther = this.#item?.key !== item?.key;
    this.#item = item;
    this.element.hidden = !item;
    if (!item) {
      return;
    }
    if (isOther) {
      this.element.scrollTop = 0;
    }
    const { state, subscribers, size } = item;
    const facts = [
      stateOf(item),
      state.data === undefined ? "no value" : `${old} old`,
      counted(subscribers, "subscriber"),
      size === undefined ? "came with the page" : bytes(size),
    ];
    say(this.#key, item.key);
    say(this.#facts, (state.data === undefined ? facts.slice(0, 3) : facts).join(" · "));
    const last = moments
      .filter((moment): moment is FetchMoment => moment.type === "fetch" && moment.key === item.key)
      .at(-1);
    this.#why.hidden = !last;
    say(this.#why, last ? `Last fetched because: ${last.reason}` : "");
    this.#error.hidden = !state.error;
    say(this.#error, state.error ? `${state.error.message}` : "");
    this.#tree.element.hidden = state.data === undefined;
    this.#tree.update(state.data);
  }
}

function refetch({ context }: Inspection): void {
  const { context: name = context, params } = Object(context) as {
    context?: string;
    params?: Params;
  };
  registerContext(name as string, params ?? null)
    .refetch()
    // It is the entry's error as well, and is shown there.
    .catch(() => {});
}
