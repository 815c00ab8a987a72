// What a test tells the page to do. It runs as the page's own code, under the page's own policy.

/** A script of the page brings it, or it is a module. */
const runtime = globalThis.Mizan ?? (await import("/dist/index.js"));

/** By key: the registration, and every value that was ever shown, as JSON. */
const watched = new Map();
const begun = [];
const shown = new Map();

/** Nothing that a page should not do is lost when it is left. */
function complain(text) {
  const complaints = JSON.parse(sessionStorage.getItem("complaints") ?? "[]");
  sessionStorage.setItem("complaints", JSON.stringify([...complaints, text]));
}

addEventListener("error", ({ message }) => complain(`exception: ${message}`));
addEventListener("unhandledrejection", ({ reason }) => complain(`rejection: ${reason}`));
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  complain(`policy: ${violatedDirective} blocked ${blockedURI}`);
});

let restored = 0;
addEventListener("pageshow", ({ persisted }) => {
  restored += Number(persisted);
});

const events = [];
runtime.configure({
  onEvent(event) {
    events.push(`${event.type} ${event.error?.message ?? event.source ?? event.key ?? ""}`.trim());
  },
});

function plain(error) {
  const { name, message, status, type, cause } = error;
  return { name, message, status, type, cause: cause?.name };
}

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

function draw() {
  const list = document.querySelector("dl");
  list.replaceChildren();
  for (const [key, values] of shown) {
    const [term, value] = ["dt", "dd"].map((name) => document.createElement(name));
    term.textContent = key;
    value.textContent = values.at(-1);
    list.append(term, value);
  }
}

const commands = {
  watch(context, params) {
    const registration = runtime.registerContext(context, params);
    const { key } = registration;
    const values = [];
    watched.set(key, registration);
    shown.set(key, values);
    registration.subscribe(() => {
      const { data } = registration.getSnapshot();
      const value = JSON.stringify(data) ?? "nothing";
      if (values.at(-1) !== value && (data !== undefined || values.length > 0)) {
        values.push(value);
        draw();
      }
    });
    return key;
  },
  state(key) {
    const { data, error, status, isFetching, isStale } = watched.get(key).getSnapshot();
    return { data: data ?? null, error: error ? plain(error) : null, status, isFetching, isStale };
  },
  history: (key) => shown.get(key),
  restored: () => restored,
  events: () => events,
  complaints() {
    const complaints = JSON.parse(sessionStorage.getItem("complaints") ?? "[]");
    sessionStorage.removeItem("complaints");
    return complaints;
  },

  call: (name, args) => runtime.mizanCall(name, args),
  callAndWait: (name, args) => runtime.mizanCall(name, args, { awaitRefetch: true }),
  read: (context, params) => runtime.mizanFetch(context, params),
  invalidate: (list) => runtime.invalidate(list),
  key: (context, params) => runtime.contextKey(context, params),
  header: (list) => runtime.formatInvalidateHeader(list),

  /** What a page does without the runtime. */
  async get(url) {
    return (await fetch(url)).json();
  },
  async fetchForm(url, text) {
    const init = { method: "POST", body: new URLSearchParams({ text }), headers: csrf() };
    const { status, redirected } = await fetch(url, init);
    return { status, redirected };
  },
  xhrForm(url, text) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.setRequestHeader("X-CSRFToken", csrf()["X-CSRFToken"]);
      request.onload = () => resolve({ status: request.status, url: request.responseURL });
      request.onerror = reject;
      request.send(new URLSearchParams({ text }));
    });
  },

  /** Sends a token, and has it renewed when it is void. */
  async useTokens() {
    let token = await newToken();
    runtime.configure({
      token: () => token,
      refreshToken: async () => {
        token = await newToken();
      },
    });
  },
  async voidToken() {
    await newToken();
  },

  setOnline(online) {
    Object.defineProperty(navigator, "onLine", { configurable: true, value: online });
    dispatchEvent(new Event(online ? "online" : "offline"));
  },
  setCookie(cookie) {
    // biome-ignore lint/suspicious/noDocumentCookie: what is tested is the page's cookie itself.
    document.cookie = cookie;
  },

  /** Resolves when nothing is under way, and the server has answered a request that began after that. */
  async settled() {
    const busy = () => [...watched.values()].some((each) => each.getSnapshot().isFetching);
    do {
      for (let calm = 0; calm < 5; calm++) {
        await turn();
        calm = busy() ? 0 : calm;
      }
      await fetch("/still/", { cache: "no-store" });
    } while (busy());
  },

  /** Begins a command whose end is asked for later. */
  begin(name, ...args) {
    return begun.push(outcome(name, args)) - 1;
  },
  end: (number) => begun[number],
  beginAll: (each) => each.map(([name, ...args]) => commands.begin(name, ...args)),
};

function csrf() {
  return { "X-CSRFToken": /csrftoken=([^;]*)/.exec(document.cookie)[1] };
}

async function newToken() {
  const { token } = await (await fetch("/token/", { method: "POST", headers: csrf() })).json();
  return token;
}

async function outcome(name, args) {
  try {
    return { value: (await commands[name](...args)) ?? null };
  } catch (error) {
    return { error: plain(error) };
  }
}

globalThis.page = outcome;
