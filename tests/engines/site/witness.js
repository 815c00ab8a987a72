// The first script of every page of templates. It does what a test asks for, and keeps what the page shows and
// says, also when it is left.

const EVENTS = ["invalidate", "note", "bulletin", "secret", "error"];

const logs = {};
for (const name of ["complaints", "console", "events", "shown"]) {
  logs[name] = (entry) => {
    sessionStorage.setItem(name, JSON.stringify([...read(name), entry]));
  };
}

function read(name) {
  return JSON.parse(sessionStorage.getItem(name) ?? "[]");
}

function take(name) {
  const entries = read(name);
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
    const text = args
      .map((each) => (typeof each === "object" ? shown(each) : String(each)))
      .join(" ");
    if (level === "warn" || level === "error") {
      logs.complaints(`${level}: ${text}`);
    }
    logs.console(text);
    native.apply(console, args);
  };
}

/** Elements as `<p#id>`. */
function shown(value) {
  const element = (each) => `<${each.localName}${each.id && `#${each.id}`}>`;
  if (value instanceof Element) {
    return element(value);
  }
  return value instanceof Error
    ? String(value)
    : JSON.stringify(value, (_, each) => (each instanceof Element ? element(each) : each));
}

let restored = 0;
addEventListener("pageshow", ({ persisted }) => {
  restored += Number(persisted);
});

document.addEventListener("mizan:error", ({ detail }) => givenUp.add(detail.element));

// What the page showed when an event came says whether that was after the swap.
for (const name of EVENTS) {
  document.addEventListener(`mizan:${name}`, ({ type, detail, target }) => {
    const out = document.querySelector("#out")?.textContent ?? null;
    logs.events({ type, detail: plain(detail), target: target.localName, out });
  });
}

/** Elements by their ids. */
function plain(detail) {
  const text = JSON.stringify(detail, (_, value) => (value instanceof Element ? value.id : value));
  return JSON.parse(text);
}

const find = (selector) => document.querySelector(selector);

/** What is asked for by a name, in the page at present. */
const commands = {
  /** The text of each such element. */
  texts: (selector) =>
    [...document.querySelectorAll(selector)].map((each) => each.textContent.trim()),
  text: (selector) => find(selector)?.textContent.trim() ?? null,
  html: (selector) => find(selector).innerHTML.trim(),
  has: (selector) => find(selector) !== null,
  value: (selector) => find(selector).value,
  path: () => location.pathname,
  restored: () => restored,
  complaints: () => take("complaints"),
  console: () => take("console"),
  islands: () => read("console").filter((line) => /mounted/.test(line)),
  events: () => take("events"),
  active() {
    const { id, selectionStart, selectionEnd } = document.activeElement;
    return { id, selectionStart, selectionEnd };
  },

  click: (selector) => find(selector).click(),
  remove: (selector) => find(selector).remove(),
  abort: (selector) => globalThis.htmx.trigger(find(selector), "htmx:abort"),
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
  invalidateInOneTurn(lists) {
    for (const list of lists) {
      globalThis.Mizan.invalidate(list);
    }
  },
  /** From now on, `shown` has every text that the element shows. */
  watch(selector) {
    const element = find(selector);
    new MutationObserver(() => logs.shown(element.textContent.trim())).observe(element, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  },
  shown: () => take("shown"),
  register(context, params) {
    globalThis.Mizan.registerContext(context, params).subscribe(() => {});
  },
  listen(type, text) {
    document.body.addEventListener(type, () => {
      throw new Error(text);
    });
  },

  /** What a page does without htmx. */
  async read(url) {
    const template = document.createElement("template");
    template.innerHTML = await (await fetch(url, { cache: "no-store" })).text();
    return template.content.textContent.trim();
  },
  /** The same, or what the HTTP cache has. */
  readCached(url) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("GET", url);
      request.responseType = "document";
      request.onload = () => resolve(request.response.body.textContent.trim());
      request.onerror = reject;
      request.send();
    });
  },
  async fetch(url, text, init) {
    const body = new URLSearchParams({ text });
    const answer = await fetch(url, { method: "POST", body, headers: csrf(), ...init });
    await answer.text();
    return { status: answer.status, redirected: answer.redirected };
  },
  xhr(url, text, headers = csrf()) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      for (const [name, value] of Object.entries(headers)) {
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

  /** What the policy says to what makes code of text or bytes. */
  async forbidden() {
    // Until then nothing is forbidden to what a driver has called.
    await turn();
    const attempts = {
      // biome-ignore lint/security/noGlobalEval: that it fails is what is tested.
      eval: async () => eval("1"),
      WebAssembly: () => WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
    };
    const ends = await Promise.allSettled(Object.values(attempts).map((attempt) => attempt()));
    return Object.keys(attempts).filter((_, index) => ends[index].status === "rejected");
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

const FETCHED = ":is([hx-get], [data-hx-get], [mizan-src], [data-mizan-src])[mizan-stale]";
const SWAPPED = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added";

/** What cannot be fetched, until it can. */
const givenUp = new Set();

/** Whether something is fetched, will be, or is about to be shown. */
function busy() {
  const stale = [...document.querySelectorAll(FETCHED)];
  for (const element of givenUp) {
    if (!stale.includes(element)) {
      givenUp.delete(element);
    }
  }
  return find(SWAPPED) !== null || stale.some((element) => !givenUp.has(element));
}

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
