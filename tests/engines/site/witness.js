// The first script of every page of templates. It does what a test asks for, and keeps what the page shows and
// says, also when it is left.

const EVENTS = ["invalidate", "note", "bulletin", "secret", "error"];

const logs = {};
for (const name of ["complaints", "console", "events"]) {
  logs[name] = (entry) => {
    const entries = JSON.parse(sessionStorage.getItem(name) ?? "[]");
    sessionStorage.setItem(name, JSON.stringify([...entries, entry]));
  };
}

function take(name) {
  const entries = JSON.parse(sessionStorage.getItem(name) ?? "[]");
  sessionStorage.removeItem(name);
  return entries;
}

addEventListener("error", ({ message }) => logs.complaints(`exception: ${message}`));
addEventListener("unhandledrejection", ({ reason }) => logs.complaints(`rejection: ${reason}`));
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  logs.complaints(`policy: ${violatedDirective} blocked ${blockedURI}`);
});
for (const level of ["debug", "log", "info", "warn", "error"]) {
  const native = console[level];
  console[level] = (...args) => {
    const text = args.map((each) => (typeof each === "object" ? shown(each) : String(each))).join(" ");
    if (level === "warn" || level === "error") {
      logs.complaints(`${level}: ${text}`);
    }
    logs.console(text);
    native.apply(console, args);
  };
}

function shown(value) {
  if (value instanceof Element) {
    return `<${value.localName}${value.id && `#${value.id}`}>`;
  }
  try {
    return value instanceof Error ? String(value) : JSON.stringify(value);
  } catch {
    return String(value);
  }
}

let restored = 0;
addEventListener("pageshow", ({ persisted }) => {
  restored += Number(persisted);
});

// What the page showed when an event came says whether that was after the swap.
for (const name of EVENTS) {
  document.addEventListener(`mizan:${name}`, ({ type, detail, target }) => {
    const out = document.querySelector("#out")?.textContent ?? null;
    const plain = type === "mizan:error" ? { ...detail, element: detail.element?.id } : detail;
    logs.events({ type, detail: plain, target: target.localName, out });
  });
}

const find = (selector) => document.querySelector(selector);

/** What is asked for by a name, in the page at present. */
const commands = {
  /** The text of each such element. */
  texts: (selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent.trim()),
  text: (selector) => find(selector)?.textContent.trim() ?? null,
  html: (selector) => find(selector).innerHTML.trim(),
  value: (selector) => find(selector).value,
  path: () => location.pathname,
  restored: () => restored,
  complaints: () => take("complaints"),
  console: () => take("console"),
  events: () => take("events"),
  active() {
    const { id, selectionStart, selectionEnd } = document.activeElement;
    return { id, selectionStart, selectionEnd };
  },

  click: (selector) => find(selector).click(),
  remove: (selector) => find(selector).remove(),
  set: (selector, name, value) => find(selector).setAttribute(name, value),
  add: (selector, html) => find(selector).insertAdjacentHTML("beforeend", html),
  type(selector, value, from = value.length, to = from) {
    find(selector).focus();
    find(selector).value = value;
    find(selector).setSelectionRange(from, to);
  },
  script(src) {
    const script = document.createElement("script");
    script.src = src;
    return new Promise((resolve, reject) => {
      script.onload = () => resolve();
      script.onerror = reject;
      document.head.append(script);
    });
  },
  back: () => history.back(),
  invalidate: (list) => globalThis.Mizan.invalidate(list),
  listen(type, text) {
    document.body.addEventListener(type, () => {
      throw new Error(text);
    });
  },

  /** What a page does without htmx. */
  async fetch(url, text, init) {
    const body = new URLSearchParams({ text });
    const answer = await fetch(url, { method: "POST", body, headers: csrf(), ...init });
    await answer.text();
    return { status: answer.status, redirected: answer.redirected };
  },
  xhr(url, text) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      for (const [name, value] of Object.entries(csrf())) {
        request.setRequestHeader(name, value);
      }
      request.onload = () => resolve({ status: request.status });
      request.onerror = reject;
      request.send(new URLSearchParams({ text }));
    });
  },
  /** As many edits as `count`, so many at a time: `${text} 1`, `${text} 2`, ... */
  async fetchMany(url, text, count, atATime) {
    let begun = 0;
    const some = async () => {
      while (begun < count) {
        await commands.fetch(url, `${text} ${++begun}`);
      }
    };
    await Promise.all(Array.from({ length: atATime }, some));
  },
  /** Reads again and again, until `stopPolling`. */
  poll(url) {
    let polls = 0;
    let polling = true;
    const done = (async () => {
      while (polling) {
        await (await fetch(url, { cache: "no-store" })).text();
        polls++;
      }
    })();
    commands.stopPolling = async () => {
      polling = false;
      await done;
      return polls;
    };
  },

  setOnline(online) {
    Object.defineProperty(navigator, "onLine", { configurable: true, value: online });
    dispatchEvent(new Event(online ? "online" : "offline"));
  },

  /**
   * Resolves when nothing is under way, and what the server, another tab or a cookie said before that has
   * come: the answer to a later request has, and its cookie.
   */
  async settled() {
    const busy = () =>
      find("[mizan-stale], .htmx-request, .htmx-swapping, .htmx-settling, .htmx-added") !== null;
    do {
      for (let calm = 0; calm < 5; calm++) {
        await turn();
        calm = busy() ? 0 : calm;
      }
      const url = new URL("still/", base);
      const name = `still${Math.random().toString(36).slice(2)}`;
      const told = new Promise((resolve) => {
        cookieStore.addEventListener("change", function listen({ changed }) {
          if (changed.some((cookie) => cookie.name === name)) {
            cookieStore.removeEventListener("change", listen);
            resolve();
          }
        });
      });
      url.searchParams.set("cookie", name);
      await fetch(url, { cache: "no-store" });
      await told;
      await turn();
    } while (busy());
  },
};

/** Where the site begins: it may not have the whole origin. */
const base = new URL(".", document.currentScript.src);

/** One turn of the event loop. Timers would be slow in a tab that is not in front. */
function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

function csrf() {
  return JSON.parse(document.body.getAttribute("hx-headers"));
}

globalThis.page = async (name, args) => {
  try {
    return { value: (await commands[name](...args)) ?? null };
  } catch (error) {
    return { error: { name: error.name, message: error.message } };
  }
};
