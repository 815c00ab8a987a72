// A server in the page's own process: what `configure({ fetch })` is for. It answers with real
// `Response`s, at once or when a test says so, and remembers what it was asked.

import { configure } from "@mizan/runtime";

// A failure is final, unless a test is about what is tried again.
configure({ retries: 0 });

/** One request that has reached the server. */
class Request {
  constructor(url, init, resolve, reject) {
    const { pathname, search } = new URL(url, "http://server.test");
    this.method = init.method ?? "GET";
    this.path = pathname + search;
    this.headers = new Headers(init.headers);
    this.cache = init.cache;
    this.body = init.body === undefined ? undefined : JSON.parse(init.body);
    this.signal = init.signal;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** Answers with JSON; a string or bytes are sent as they are. */
  answer(body, { status = 200, headers = {} } = {}) {
    const sent = typeof body === "string" || body instanceof Uint8Array;
    const text = sent ? body : JSON.stringify(body);
    const type = status < 400 ? "application/json" : "application/problem+json";
    this.resolve(new Response(text, { status, headers: { "Content-Type": type, ...headers } }));
  }

  problem(status, problem = {}, headers = {}) {
    this.answer({ type: "about:blank", title: "Refused", status, ...problem }, { status, headers });
  }

  /** No answer comes. */
  cut(reason = new TypeError("fetch failed")) {
    this.reject(reason);
  }
}

export class Server {
  requests = [];
  /** Path to what answers it. Without one, a context is answered with its version. */
  routes = new Map();
  /** While true, requests wait in `waiting`. */
  held = false;
  waiting = [];
  version = 0;

  fetch = (url, init = {}) =>
    new Promise((resolve, reject) => {
      init.signal?.throwIfAborted();
      const request = new Request(url, init, resolve, reject);
      init.signal?.addEventListener("abort", () => {
        request.aborted = true;
        reject(init.signal.reason);
      });
      this.requests.push(request);
      if (this.held) {
        this.waiting.push(request);
      } else {
        this.handle(request);
      }
    });

  /** Answers what waits, and from now on everything at once. */
  release() {
    this.held = false;
    for (const request of this.waiting.splice(0)) {
      this.handle(request);
    }
  }

  handle(request) {
    const [path] = request.path.split("?");
    const route = this.routes.get(path);
    if (route) {
      route(request);
    } else if (path === "/api/mizan/session/") {
      request.answer({ identity: "anonymous", csrf: "token-1" });
    } else {
      request.answer({ version: this.version });
    }
  }

  /** Answers every call with this. */
  onCall(answer) {
    this.routes.set("/api/mizan/call/", answer);
  }

  /** The paths that were asked for, and how often one was. */
  get paths() {
    return this.requests.map(({ path }) => path);
  }

  count(path) {
    return this.paths.filter((other) => other === path).length;
  }
}

/** Lets everything happen that is not waiting for the server. */
export async function idle() {
  for (let turn = 0; turn < 10; turn++) {
    await new Promise(setImmediate);
  }
}

/** What a promise came to: its value, or what it was rejected with. */
export function outcome(promise) {
  return promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
}
