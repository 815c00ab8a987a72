import { inspect } from "./index.js";
import { ContextsView, type View } from "./panel-contexts.js";
import { element, icon, mark, say } from "./panel-element.js";
import { STYLE } from "./panel-style.js";
import { TimelineView } from "./panel-timeline.js";
import type { Recording } from "./recorder.js";

const NAME = "mizan-devtools";
const MARK = "M2.5 12.5v-9L8 9.5l5.5-6v9";
const CROSS = "m4 4 8 8m0-8-8 8";

/** The panel: a button in the corner of the page and, when that is pressed, a sheet at its lower edge. */
export class Panel {
  readonly #host = document.createElement(NAME);
  readonly #launcher = element(
    "button",
    {
      type: "button",
      class: "launcher",
      "aria-label": "Open Mizan devtools",
      title: "Mizan devtools",
      onclick: () => this.#open(true),
    },
    icon(MARK),
  );
  readonly #views: readonly (View & { name: string; tab: HTMLElement; count: HTMLElement })[];
  readonly #filter = element("input", {
    type: "search",
    placeholder: "Filter",
    "aria-label": "Filter by key or name",
    spellcheck: "false",
    oninput: () => this.#draw(),
  });
  readonly #tools = element("div", { class: "tools" });
  readonly #sheet: HTMLElement;
  #shown = 0;
  #recording: Recording = { moments: [], arrivals: new Map() };
  #frame = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(container: Element, isOpen: boolean) {
    const views = { Contexts: new ContextsView(), "Time line": new TimelineView() };
    this.#views = Object.entries(views).map(([name, view], at) => {
      const count = element("span", { class: "count" });
      const tab = element(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${at}`,
          "aria-controls": `view-${at}`,
          onclick: () => this.#show(at),
        },
        name,
        count,
      );
      const panel = { role: "tabpanel", id: `view-${at}`, "aria-labelledby": `tab-${at}` };
      for (const [attribute, value] of Object.entries(panel)) {
        mark(view.element, attribute, value);
      }
      return {
        element: view.element,
        tools: view.tools,
        update: view.update.bind(view),
        name,
        tab,
        count,
      };
    });
    const tabs = element(
      "div",
      {
        role: "tablist",
        "aria-label": "Mizan devtools",
        onkeydown: (event: KeyboardEvent) => this.#turn(event),
      },
      ...this.#views.map(({ tab }) => tab),
    );
    const close = element(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": "Close Mizan devtools",
        title: "Close (Escape)",
        onclick: () => this.#open(false),
      },
      icon(CROSS),
    );
    this.#sheet = element(
      "section",
      { class: "sheet", "aria-label": "Mizan devtools" },
      element("div", { class: "toolbar" }, tabs, this.#filter, this.#tools, close),
      ...this.#views.map((view) => view.element),
    );
    const root = this.#host.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    root.append(this.#launcher, this.#sheet);
    // The page's own shortcuts are not for what is typed here.
    for (const type of ["keydown", "keyup", "keypress"]) {
      root.addEventListener(type, (event) => this.#key(event as KeyboardEvent));
    }
    container.append(this.#host);
    this.#show(0);
    this.#open(stored() ?? isOpen, false);
  }

  /** What was recorded is another. */
  update(recording: Recording): void {
    this.#recording = recording;
    mark(this.#launcher, "data-busy", recording.moments.some(isUnderWay));
    if (!this.#sheet.hidden) {
      this.#frame ||= requestAnimationFrame(() => this.#draw());
    }
  }

  remove(): void {
    clearInterval(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#host.remove();
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const filter = this.#filter.value.trim().toLowerCase();
    this.#views[this.#shown]?.update(this.#recording, filter);
    const counts = [inspect().length, this.#recording.moments.length];
    this.#views.forEach(({ count }, at) => {
      say(count, `${counts[at]}`);
    });
  }

  #open(isOpen: boolean, isAsked = true): void {
    this.#sheet.hidden = !isOpen;
    this.#launcher.hidden = isOpen;
    clearInterval(this.#timer);
    if (isOpen) {
      // Values grow older by themselves, and a subscription is no event.
      this.#timer = setInterval(() => this.#draw(), 1000);
      this.#draw();
    }
    if (isAsked) {
      store(isOpen);
      (isOpen ? this.#views[this.#shown]?.tab : this.#launcher)?.focus();
    }
  }

  #show(shown: number): void {
    this.#shown = shown;
    this.#views.forEach(({ tab, element, tools }, at) => {
      const isShown = at === shown;
      mark(tab, "aria-selected", `${isShown}`);
      mark(tab, "tabindex", isShown ? "0" : "-1");
      element.hidden = !isShown;
      if (isShown) {
        this.#tools.replaceChildren(...tools);
      }
    });
    this.#draw();
  }

  /** Goes from tab to tab, as the pattern for tabs has it. */
  #turn({ key }: KeyboardEvent): void {
    const last = this.#views.length - 1;
    const to = {
      ArrowRight: this.#shown === last ? 0 : this.#shown + 1,
      ArrowLeft: this.#shown === 0 ? last : this.#shown - 1,
      Home: 0,
      End: last,
    }[key];
    if (to !== undefined) {
      this.#show(to);
      this.#views[to]?.tab.focus();
    }
  }

  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.type === "keydown" && event.key === "Escape" && !this.#sheet.hidden) {
      this.#open(false);
    }
  }
}

function isUnderWay(moment: Recording["moments"][number]): boolean {
  return (moment.type === "call" || moment.type === "fetch") && moment.end === undefined;
}

/** Whether it was open when the page was left. */
function stored(): boolean | undefined {
  try {
    const text = sessionStorage.getItem(NAME);
    return text ? text === "open" : undefined;
  } catch {
    // Not every page may store something.
    return undefined;
  }
}

function store(isOpen: boolean): void {
  try {
    sessionStorage.setItem(NAME, isOpen ? "open" : "closed");
  } catch {}
}
