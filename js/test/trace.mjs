// Timed traces of the cache machine through its WebAssembly, in Node and in browsers. What they say:
// tests/vectors/README.md, `cache.json`. What crosses: core/src/wire.rs, core/src/spec.rs,
// src/machine.rs.

/** No time at all is as long. */
const NEVER = 2 ** 32 - 1;
const GC_TIME = 5 * 60 * 1000;

/** What can be told and asked, each at its number. */
export const KINDS = [
  "subscribe",
  "unsubscribe",
  "read",
  "unread",
  "refetch",
  "fetched",
  "call",
  "call_answered",
  "call_lost",
  "seen",
  "cookie",
  "tab_invalidated",
  "tab_identity",
  "invalidate",
  "configure",
  "visible",
  "online",
  "restored",
  "tick",
  "hydrated",
  "open",
  "key",
  "parse",
];

const UPDATES = ["keep", "take", "clear"];
const SOURCES = ["call", "header", "cookie", "tab", "local", "unknown"];

/** A member that may be left out, and what it is then. */
export const optional = (value) => ({ value });
const text = optional("");

/** What each input says beside its kind: its members, each with its type where it must be there. */
const INPUTS = {
  configure: {
    identity: text,
    schema: text,
    seed: "number",
    retries: "number",
    concurrency: "number",
  },
  subscribe: observer(),
  unsubscribe: observer(),
  read: { entry: "string" },
  unread: { entry: "string" },
  refetch: { entry: "string" },
  fetched: {
    entry: "string",
    fetch: "number",
    status: "number",
    retry_after: optional(0),
    identity: text,
    schema: text,
  },
  hydrated: { entry: "string", identity: text, schema: text },
  call: { call: "number", awaits: optional(false), scope: text, patches: optional([]) },
  call_answered: {
    call: "number",
    ok: "boolean",
    identity: text,
    schema: text,
    list: optional([]),
    header: text,
  },
  call_lost: { call: "number" },
  seen: { id: text, header: "string" },
  cookie: { nonce: "string", header: "string" },
  tab_invalidated: { id: "string", list: "object" },
  tab_identity: { identity: "string" },
  invalidate: { list: "object" },
  visible: "boolean",
  online: "boolean",
  restored: undefined,
  tick: undefined,
};

function observer() {
  return {
    entry: "string",
    stale_time: optional(0),
    refetch_interval: optional(0),
    gc_time: optional(GC_TIME),
  };
}

/** What makes instances of the WebAssembly that a package carries which has not been used so far. */
export function machineOf({ contextKey }) {
  const { Instance } = WebAssembly;
  let create;
  WebAssembly.Instance = new Proxy(Instance, {
    construct(_, args) {
      create = () => new Instance(...args).exports;
      return new Instance(...args);
    },
  });
  try {
    contextKey("user");
  } finally {
    WebAssembly.Instance = Instance;
  }
  return create;
}

/**
 * Plays a case of `cache.json` to a new instance, whose exports `create` gives.
 *
 * @returns the outputs of each step.
 * @throws Error for a case that is not of the format.
 */
export function play(create, trace) {
  members(trace, { id: "string", name: "string", note: text, steps: "object" });
  if (!trace.steps.length) {
    throw new Error("no steps");
  }
  const player = new Player(create());
  return trace.steps.map((step, at) => {
    try {
      return player.take(
        members(step, { at: "number", open: optional([]), input: "any", outputs: "object" }),
      );
    } catch (cause) {
      throw new Error(`step ${at}: ${cause.message}`, { cause });
    }
  });
}

/** What an object says. A member that is missing, of another type or unknown is a mistake. */
export function members(object, known) {
  const unknown = Object.keys(object).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length) {
    throw new Error(`unknown member ${unknown}`);
  }
  const entries = Object.entries(known).map(([name, type]) => {
    const value = name in object ? object[name] : type.value;
    if (typeof type === "string" && type !== "any" && typeof value !== type) {
      throw new Error(`${name} is no ${type}: ${JSON.stringify(value)}`);
    }
    return [name, value];
  });
  return Object.fromEntries(entries);
}

/** What a module of ours exports, and how texts cross to it and back. */
export class Machine {
  #exports;

  constructor(exports) {
    this.#exports = exports;
  }

  /** What it says, told a kind, a text and numbers. */
  say(now, kind, told, numbers = []) {
    const { tell, input, memory } = this.#exports;
    const bytes = new TextEncoder().encode(told);
    const room = input(bytes.length);
    new Uint8Array(memory.buffer, room).set(bytes);
    const head = tell(now, kind, ...numbers);
    // The buffer is asked for now: it is another one when the memory has grown.
    const [at, count, start, length] = new Uint32Array(memory.buffer, head, 4);
    return {
      outputs: Array.from({ length: count }, (_, group) => [
        ...new Uint32Array(memory.buffer, at + group * 12, 3),
      ]),
      text: new TextDecoder().decode(new Uint8Array(memory.buffer, start, length)),
    };
  }
}

class Player {
  #machine;
  #now = 0;
  /** Handles by key. */
  #handles = new Map();
  /** The fetches that have begun, in their order. */
  #fetches = [];

  constructor(exports) {
    this.#machine = new Machine(exports);
  }

  take({ at, open, input }) {
    if (at < this.#now) {
      throw new Error("time runs backwards");
    }
    this.#now = at;
    for (const key of open) {
      this.#open(key);
    }
    const [[kind, said] = [input], ...others] = Object.entries(Object(input)).filter(
      () => typeof input !== "string",
    );
    if (others.length || !Object.hasOwn(INPUTS, kind)) {
      throw new Error(`unknown input ${JSON.stringify(input)}`);
    }
    const known = INPUTS[kind];
    if (typeof known === "object") {
      return this.#tell(kind, ...this.#said(kind, members(said, known)));
    }
    const type = typeof said;
    if (type !== (known ?? "undefined")) {
      throw new Error(`${kind} is no ${known}`);
    }
    return this.#tell(kind, ...this.#said(kind, said));
  }

  /** The numbers and the texts of an input. */
  #said(kind, said) {
    const { entry, call, identity, schema, header } = said ?? {};
    const options = () => [said.stale_time ?? NEVER, said.refetch_interval, said.gc_time ?? NEVER];
    switch (kind) {
      case "subscribe":
        return [[this.#open(entry), ...options()]];
      case "unsubscribe":
        return [[this.#handle(entry), ...options()]];
      case "read":
        return [[this.#open(entry)]];
      case "unread":
        return [[this.#handle(entry)]];
      case "refetch":
        return [[this.#handle(entry)]];
      case "fetched": {
        const begun = this.#fetches[said.fetch - 1];
        if (begun?.key !== entry) {
          throw new Error(`no fetch ${said.fetch} of ${entry} has begun`);
        }
        const numbers = [begun.handle, begun.fetch, said.status, said.retry_after];
        return [numbers, [identity, schema]];
      }
      case "call":
        return [
          [call, Number(said.awaits)],
          [said.scope, "", "", specs(said.patches)],
        ];
      case "call_answered":
        return [
          [call, Number(said.ok)],
          [identity, schema, header, specs(said.list)],
        ];
      case "call_lost":
        return [[call]];
      case "seen":
        return [[], [said.id, "", header]];
      case "cookie":
        return [[], [said.nonce, "", header]];
      case "tab_invalidated":
        return [[], [said.id, "", "", specs(said.list)]];
      case "tab_identity":
        return [[], [identity]];
      case "invalidate":
        return [[], ["", "", "", specs(said.list)]];
      case "configure":
        return [
          [said.seed, said.retries, said.concurrency],
          [identity, schema],
        ];
      case "visible":
        return [[Number(said)]];
      case "restored":
        return [];
      case "online":
        return [[Number(said)]];
      case "hydrated":
        return [[this.#open(entry)], [identity, schema]];
      default:
        return [];
    }
  }

  #tell(kind, numbers = [], texts = []) {
    const { outputs, text } = this.#say(kind, texts.join("\n"), numbers);
    return outputs.map((words) => this.#output(...words, text, texts[0]));
  }

  #say(kind, told, numbers) {
    return this.#machine.say(this.#now, KINDS.indexOf(kind), told, numbers);
  }

  /** The table in core/src/wire.rs. */
  #output(kind, number, detail, text, identity) {
    switch (kind) {
      case 0:
        this.#fetches.push({ key: this.#key(number), handle: number, fetch: detail });
        return { fetch: { entry: this.#key(number), fetch: this.#fetches.length } };
      case 1: {
        const place = this.#fetches.findIndex(({ fetch }) => fetch === detail);
        return { abort: { entry: this.#key(number), fetch: place + 1 } };
      }
      case 2: {
        const [value, error] = [UPDATES[detail & 3], UPDATES[(detail >> 2) & 3]];
        const [fetching, stale] = [(detail & 16) > 0, (detail & 32) > 0];
        return { publish: { entry: this.#key(number), value, error, fetching, stale } };
      }
      case 3:
        return { settle: { entry: this.#key(number), ok: detail === 1 } };
      case 4: {
        const entry = this.#key(number);
        this.#handles.delete(entry);
        return { collect: { entry } };
      }
      case 5:
        return { settled: { call: number } };
      case 6: {
        const [source, share] = [SOURCES[number & 7], (number & 8) > 0];
        return { invalidated: { source, share, list: text.split(",") } };
      }
      case 7:
        return { share: { identity } };
      case 8:
        return number ? "identity" : "outdated";
      case 9:
        return { malformed: { what: number ? "header" : "list", position: detail } };
      case 10:
        return { timer: number ? detail : null };
      case 11:
        return { send: { call: number } };
      case 12:
        return { unpatch: { entry: this.#key(number), call: detail } };
      default:
        return { patch: { entry: this.#key(number), call: detail, patch: kind - 16 } };
    }
  }

  /** The entry of a key, opened where it is not. */
  #open(key) {
    const [[ok, handle]] = this.#say("open", spec(key)).outputs;
    if (!ok || (this.#handles.get(key) ?? handle) !== handle) {
      throw new Error(`${key} cannot be opened`);
    }
    this.#handles.set(key, handle);
    return handle;
  }

  #handle(key) {
    if (!this.#handles.has(key)) {
      throw new Error(`${key} is not open`);
    }
    return this.#handles.get(key);
  }

  #key(handle) {
    for (const [key, other] of this.#handles) {
      if (other === handle) {
        return key;
      }
    }
    throw new Error(`the entry ${handle} is not open`);
  }
}

/** Texts of keys as a module takes them, joined by commas. */
export const specs = (list) => list.map(spec).join(",");

/** A key's text as the module takes it: each param marked as the text that it is. */
function spec(key) {
  const [name, query] = key.split("?");
  const pairs = query?.split("&").map((pair) => `;${pair.replace("=", '=%"')}"`);
  return name + (pairs ?? []).join("");
}
