// A page of the test's own, and a runtime that has just been loaded into it: a module that is asked for
// under another URL is another one. What a browser has and Node has not is here, as far as the runtime
// looks at it.
import { createRequire } from "node:module";
import { Server } from "./server.mjs";

const { version } = createRequire(import.meta.url)("@mizan/runtime/package.json");
/** Where a page keeps what all copies of the package share. */
const SHARED = Symbol.for(`mizan ${version.split(".", 2).join(".")}`);

let loaded = 0;

/** A tab's channel: what it says is kept, and the page's other ones hear it. What other tabs say the test says. */
function channelOf(page) {
  return class {
    constructor() {
      page.channels.push(this);
    }
    postMessage(message) {
      const data = structuredClone(message);
      page.posts.push(data);
      setImmediate(() => {
        for (const other of page.channels.filter((other) => other !== this)) {
          other.onmessage({ data });
        }
      });
    }
    close() {
      page.channels.splice(page.channels.indexOf(this), 1);
    }
  };
}

/** An XMLHttpRequest that the page's server answers, as the standard has it. */
function xhrOf(page) {
  return class XMLHttpRequest extends EventTarget {
    readyState = 0;
    responseURL = "";
    #headers = new Headers();
    #round = 0;
    open(...args) {
      const [method, url] = args;
      this.opened = args;
      this.method = method;
      this.url = new URL(url, document.baseURI).href;
      this.#fail();
      this.#round++;
      this.#become(1);
    }
    async send(body) {
      const round = this.#round;
      const given = () => round !== this.#round;
      try {
        const response = await page.server.fetch(this.url, { method: this.method, body });
        if (given()) {
          return;
        }
        this.responseURL = this.url;
        this.#headers = response.headers;
        this.#become(2);
        this.#become(3);
        await response.arrayBuffer();
      } catch {
        this.#fail();
      }
      if (!given()) {
        this.#end();
      }
    }
    abort() {
      this.#round++;
      this.#fail();
      this.#end();
    }
    #become(state) {
      this.readyState = state;
      this.dispatchEvent(new Event("readystatechange"));
    }
    #end() {
      this.#become(4);
      this.dispatchEvent(new Event("loadend"));
    }
    /** What has failed has no headers, also those that were there already. */
    #fail() {
      this.responseURL = "";
      this.#headers = new Headers();
    }
    getResponseHeader(name) {
      return this.#headers.get(name);
    }
  };
}

/**
 * Adds a runtime to the page that is open, with its own server and its own events: it shares nothing with those
 * that are there, as another version of the package or another script of ours would not.
 */
export async function addRuntime(runtime = { server: new Server(), events: [] }, settings = {}) {
  delete globalThis[SHARED];
  const url = import.meta.resolve("@mizan/runtime");
  Object.assign(runtime, await import(`${url}?${++loaded}`));
  runtime.configure({
    retries: 0,
    fetch: runtime.server.fetch,
    onEvent: (event) => runtime.events.push(event),
    ...settings,
  });
  return runtime;
}

/**
 * Opens a page: `data` is the window's variable with what it came with, `script` the text of its script.
 * Gives back the page, with everything that the runtime exports.
 */
export async function openPage({ cookie = "", data, script, cookieStore, ...settings } = {}) {
  const page = { server: new Server(), channels: [], posts: [], events: [], cookie };
  const tab = new EventTarget();
  const window = new EventTarget();
  const document = Object.assign(tab, {
    hidden: false,
    baseURI: "http://server.test/board",
    querySelector: (selector) =>
      script !== undefined && selector === "script#__MIZAN_SSR_DATA__"
        ? { textContent: script }
        : null,
  });
  Object.defineProperty(document, "cookie", { get: () => page.cookie });
  Object.assign(globalThis, {
    document,
    location: new URL(document.baseURI),
    addEventListener: window.addEventListener.bind(window),
    BroadcastChannel: channelOf(page),
    XMLHttpRequest: xhrOf(page),
    cookieStore,
    __MIZAN_SSR_DATA__: data,
    // The page's own requests go through the native fetch, which the runtime looks at.
    fetch: (url, init) => page.server.fetch(url, init),
  });
  await addRuntime(page, settings);
  return Object.assign(page, {
    document,
    /** Something happens to the window. */
    fire: (type, props) => window.dispatchEvent(Object.assign(new Event(type), props)),
    /** The page can be seen from now on, or not. */
    show(visible) {
      document.hidden = !visible;
      document.dispatchEvent(new Event("visibilitychange"));
    },
    /** Another tab says something. */
    hear: (data) => page.channels.at(-1).onmessage({ data }),
    /** The events of one type. */
    told: (type) => page.events.filter((event) => event.type === type),
    /** How often a key was fetched. */
    fetched: (key) => page.server.count(pathOf(key)),
  });
}

/** The URL of a key. */
export function pathOf(key) {
  const [name, query] = key.split("?");
  return `/api/mizan/ctx/${name}/${query ? `?${query}` : ""}`;
}
