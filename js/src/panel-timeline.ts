import type { Invalidation } from "./index.js";
import type { View } from "./panel-contexts.js";
import { element, mark, type Row, rowsOf, say } from "./panel-element.js";
import { ValueTree } from "./panel-tree.js";
import { bytes, clock, counted, duration } from "./panel-units.js";
import { type Recording, type Summary, summarize, type TimelineMoment } from "./recorder.js";

/** A moment, how deep it is below the one that it came of, and the time that all of them have taken. */
interface Placed {
  readonly moment: TimelineMoment;
  readonly depth: number;
  readonly span: Span;
}

interface Span {
  from: number;
  to: number;
}

/** Calls, what they invalidate and what is fetched because of it, the newest first. */
export class TimelineView implements View {
  readonly #list = element("ul", { class: "moments", role: "list" });
  readonly #empty = element("p", { class: "empty" });
  readonly #detail = new MomentDetail(() => this.#choose(undefined));
  readonly #summary = new SummaryTable();
  readonly #pause = element(
    "button",
    { type: "button", "aria-pressed": "false", onclick: () => this.#hold() },
    "Pause",
  );
  readonly #rows = rowsOf<Placed>(
    this.#list,
    ({ moment }) => moment.id,
    ({ moment }) => this.#row(moment.id),
  );
  readonly element = element(
    "div",
    { class: "view" },
    element(
      "div",
      { class: "list", tabindex: "0", role: "group", "aria-label": "Calls and fetches" },
      this.#list,
      this.#empty,
    ),
    this.#summary.element,
    this.#detail.element,
  );
  readonly tools = [
    this.#pause,
    element("button", { type: "button", onclick: () => this.#clear() }, "Clear"),
  ];
  #chosen: number | undefined;
  #recording: Recording = { moments: [], arrivals: new Map() };
  /** What is shown while it is paused. */
  #held: Recording | undefined;
  #filter = "";
  /** The last moment that was cleared. */
  #cleared = 0;

  update(recording: Recording, filter: string): void {
    this.#recording = recording;
    this.#filter = filter;
    const { moments: all } = this.#held ?? recording;
    const moments = all.filter(({ id }) => id > this.#cleared);
    const shown = place(moments, filter);
    this.#rows(shown);
    this.#empty.hidden = shown.length > 0;
    say(
      this.#empty,
      moments.length
        ? "Nothing of this name has happened."
        : "Nothing has happened since. Calls, what they invalidate and what is fetched will be here.",
    );
    const chosen = moments.find(({ id }) => id === this.#chosen);
    this.#detail.update(chosen);
    this.#summary.element.hidden = chosen !== undefined;
    this.#summary.update(summarize(moments));
  }

  #hold(): void {
    this.#held = this.#held ? undefined : this.#recording;
    mark(this.#pause, "aria-pressed", `${this.#held !== undefined}`);
    this.#again();
  }

  #clear(): void {
    this.#cleared = (this.#held ?? this.#recording).moments.at(-1)?.id ?? 0;
    this.#again();
  }

  #choose(id: number | undefined): void {
    this.#chosen = id;
    this.#again();
  }

  #again(): void {
    this.update(this.#recording, this.#filter);
  }

  #row(id: number): Row<Placed> {
    const [kind, title, note] = ["kind", "title mono", "soft note"].map((name) =>
      element("span", { class: name }),
    ) as [HTMLElement, HTMLElement, HTMLElement];
    const outcome = element("span", { class: "outcome" });
    const bar = element("span", { class: "bar" });
    const took = element("span", { class: "took" });
    const time = element("span", { class: "time soft" });
    const button = element(
      "button",
      { type: "button", onclick: () => this.#choose(this.#chosen === id ? undefined : id) },
      time,
      element("span", { class: "what" }, kind, title, note),
      outcome,
      element("span", { class: "track" }, bar),
      took,
    );
    let seen: TimelineMoment | undefined;
    return {
      element: element("li", {}, button),
      update: ({ moment, depth, span }) => {
        mark(button, "aria-pressed", `${this.#chosen === moment.id}`);
        mark(button, "data-depth", `${depth}`);
        const { from, to } = span;
        const end =
          ("end" in moment ? moment.end : undefined) ?? (isOpen(moment) ? to : moment.start);
        const length = Math.max(to - from, 1);
        bar.style.setProperty("--from", `${(moment.start - from) / length}`);
        bar.style.setProperty("--length", `${(end - moment.start) / length}`);
        if (moment === seen) {
          return;
        }
        seen = moment;
        const { label, tone, text } = outcomeOf(moment);
        mark(button, "data-kind", moment.type);
        mark(outcome, "data-tone", tone);
        mark(bar, "data-tone", tone);
        say(kind, moment.type);
        say(title, titleOf(moment));
        say(note, noteOf(moment, depth));
        say(outcome, label);
        mark(outcome, "title", text);
        say(took, tookOf(moment));
        say(time, clock(moment.start));
      },
    };
  }
}

/** The newest first, but what came of a moment below it, in its order. */
function place(moments: readonly TimelineMoment[], filter: string): Placed[] {
  const children = new Map<number, TimelineMoment[]>();
  const ids = new Set(moments.map(({ id }) => id));
  const roots: TimelineMoment[] = [];
  for (const moment of moments) {
    const { parent } = moment;
    if (parent !== undefined && ids.has(parent)) {
      children.set(parent, [...(children.get(parent) ?? []), moment]);
    } else {
      roots.push(moment);
    }
  }
  const below = (moment: TimelineMoment, depth: number, span: Span): Placed[] => {
    span.to = Math.max(span.to, ("end" in moment ? moment.end : undefined) ?? moment.start);
    return [
      { moment, depth, span },
      ...(children.get(moment.id) ?? []).flatMap((child) => below(child, depth + 1, span)),
    ];
  };
  return roots.reverse().flatMap((root) => {
    const tree = below(root, 0, { from: root.start, to: root.start });
    // Who looks for a key wants to see what it was fetched for, too.
    return tree.some(({ moment }) => titleOf(moment).toLowerCase().includes(filter)) ? tree : [];
  });
}

function isOpen(moment: TimelineMoment): boolean {
  return (moment.type === "call" || moment.type === "fetch") && moment.end === undefined;
}

function titleOf(moment: TimelineMoment): string {
  switch (moment.type) {
    case "call":
      return moment.name;
    case "invalidation":
      return moment.list.map(keyOf).join(", ");
    case "fetch":
      return moment.key;
    default:
      return moment.message;
  }
}

/** As a person reads it; the canonical text is the key's. */
function keyOf(member: Invalidation): string {
  if (typeof member === "string") {
    return member;
  }
  const pairs = Object.entries(member.params ?? {}).map((pair) => pair.join("="));
  return pairs.length ? `${member.context}?${pairs.join("&")}` : member.context;
}

function noteOf(moment: TimelineMoment, depth: number): string {
  if (moment.type === "invalidation") {
    return depth ? "" : `by ${moment.reason}`;
  }
  // Below an invalidation, it is the reason.
  return moment.type === "fetch" && (!depth || moment.cause !== "invalidation")
    ? moment.reason
    : "";
}

function tookOf(moment: TimelineMoment): string {
  if (isOpen(moment)) {
    return "…";
  }
  return "end" in moment && moment.end !== undefined ? duration(moment.end - moment.start) : "";
}

/** What became of a moment: in a word, in which colour, and in a sentence. */
function outcomeOf(moment: TimelineMoment): { label: string; tone: string; text: string } {
  if (isOpen(moment)) {
    const isAnswered = moment.type === "call" && moment.answered !== undefined;
    return isAnswered
      ? {
          label: "refetching",
          tone: "busy",
          text: "Answered; what it has changed is being fetched.",
        }
      : { label: "waiting", tone: "busy", text: "No answer has come yet." };
  }
  switch (moment.type) {
    case "call": {
      const { status = 0 } = moment;
      return status && status < 400
        ? { label: "done", tone: "good", text: "The page shows what it has changed." }
        : { label: status ? `failed ${status}` : "no answer", tone: "bad", text: "It has failed." };
    }
    case "invalidation": {
      const { refetched, waiting } = moment;
      return refetched.length + waiting.length
        ? { label: counted(refetched.length, "refetch", "refetches"), tone: "plain", text: "" }
        : { label: "nothing in use", tone: "plain", text: "The page has asked for none of these." };
    }
    case "fetch":
      switch (moment.outcome) {
        case "changed":
          return { label: "changed", tone: "good", text: "Something in it is another." };
        case "same":
          return { label: "wasted", tone: "warn", text: "The bytes were those that were known." };
        case "failed":
          return {
            label: moment.status ? `failed ${moment.status}` : "no answer",
            tone: "bad",
            text: "The older value stays.",
          };
        case "unused":
          return { label: "unused", tone: "plain", text: "Somebody else had logged in meanwhile." };
        default:
          return {
            label: "aborted",
            tone: "plain",
            text: "Overtaken, or nobody wanted it any more.",
          };
      }
    default:
      return { label: "", tone: moment.type === "error" ? "bad" : "plain", text: "" };
  }
}

class MomentDetail {
  readonly #title = element("h2", { class: "mono" });
  readonly #facts = element("dl");
  readonly #args = element("h3", {}, "Args");
  readonly #tree = new ValueTree();
  readonly element: HTMLElement;
  #shown: TimelineMoment | undefined;

  constructor(close: () => void) {
    this.element = element(
      "section",
      { class: "detail", tabindex: "0", "aria-label": "Chosen moment" },
      element(
        "header",
        {},
        this.#title,
        element(
          "button",
          {
            type: "button",
            class: "quiet",
            "aria-label": "Close the chosen moment",
            onclick: close,
          },
          "×",
        ),
      ),
      this.#facts,
      this.#args,
      this.#tree.element,
    );
  }

  update(moment: TimelineMoment | undefined): void {
    this.element.hidden = !moment;
    if (!moment || moment === this.#shown) {
      return;
    }
    this.#shown = moment;
    say(this.#title, titleOf(moment));
    const facts = Object.entries(factsOf(moment)).filter(([, fact]) => fact);
    this.#facts.replaceChildren(
      ...facts.flatMap(([name, fact]) => [element("dt", {}, name), element("dd", {}, fact)]),
    );
    const args = moment.type === "call" ? moment.args : undefined;
    this.#args.hidden = args === undefined;
    this.#tree.element.hidden = args === undefined;
    this.#tree.update(args);
  }
}

/** What there is to say about a moment, by name. What is empty is not said. */
function factsOf(moment: TimelineMoment): { [name: string]: string } {
  const { label, text } = outcomeOf(moment);
  const facts = { What: moment.type, When: clock(moment.start) };
  switch (moment.type) {
    case "call": {
      const { start, answered, end } = moment;
      return {
        ...facts,
        Outcome: label,
        "Answered after": answered === undefined ? "" : duration(answered - start),
        "True again after": end === undefined ? "" : duration(end - start),
      };
    }
    case "invalidation":
      return {
        ...facts,
        "Said by": moment.reason,
        Refetched: moment.refetched.join("\n"),
        "Stale until wanted": moment.waiting.join("\n"),
      };
    case "fetch": {
      const { reason, mutation, members = [], size, outcome } = moment;
      return {
        ...facts,
        Why: mutation && mutation === reason ? `${reason} invalidated it` : reason,
        Outcome: `${label}: ${text}`,
        Changed: outcome === "changed" ? members.join(", ") : "",
        Took: tookOf(moment),
        Size: size === undefined ? "" : bytes(size),
      };
    }
    default:
      return facts;
  }
}

/** How much was fetched for which reason, and how much of it in vain. */
class SummaryTable {
  readonly #body = element("tbody");
  readonly #rows = rowsOf<Summary>(
    this.#body,
    ({ reason, isMutation }) => `${isMutation} ${reason}`,
    ({ reason, isMutation }) => {
      const [calls, refetches, wasted] = [element("td"), element("td"), element("td")];
      const name = element("th", { scope: "row", class: isMutation ? "mono" : "soft" }, reason);
      return {
        element: element("tr", {}, name, calls, refetches, wasted),
        update: (item) => {
          say(calls, isMutation ? `${item.calls}` : "");
          say(refetches, `${item.refetches}`);
          const share = Math.round((100 * item.wasted) / Math.max(item.refetches, 1));
          say(wasted, item.wasted ? `${item.wasted} (${share} %)` : "0");
          mark(wasted, "class", item.wasted ? "warn" : undefined);
        },
      };
    },
  );
  readonly element = element(
    "section",
    { class: "detail summary", tabindex: "0", "aria-label": "Refetches by reason" },
    element("h2", {}, "Refetches by reason"),
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...["Reason", "Calls", "Refetches", "Wasted"].map((name) =>
            element("th", { scope: "col" }, name),
          ),
        ),
      ),
      this.#body,
    ),
    element(
      "p",
      { class: "soft" },
      "Wasted: the server sent the bytes that were known. Choose a line to see more of it.",
    ),
  );

  update(summaries: readonly Summary[]): void {
    this.#rows(summaries);
  }
}
