// Timed traces of the cache machine through its WebAssembly, in Node and in browsers. What they say:
// tests/vectors/README.md, `cache.json`. What crosses: src/machine.rs, src/outputs.rs, src/spec.rs.

/** No time at all is as long. */
const NEVER = 2 ** 32 - 1;
const GC_TIME = 5 * 60 * 1000;

const UPDATES = ["keep", "take", "clear"];
const SOURCES = ["call", "header", "cookie", "tab", "local", "unknown"];

/** A member that may be left out, and what it is then. */
const optional = (value) => ({ value });
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
  seen: { header: "string" },
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
function members(object, known) {
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

class Player {
  #exports;
  #now = 0;
  /** Handles by key. */
  #handles = new Map();
  /** The fetches that have begun, in their order. */
  #fetches = [];

  constructor(exports) {
    this.#exports = exports;
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
      return this.#tell(...this.#said(kind, members(said, known)));
    }
    const type = typeof said;
    if (type !== (known ?? "undefined")) {
      throw new Error(`${kind} is no ${known}`);
    }
    return this.#tell(...this.#said(kind, said));
  }

  /** The letter, the numbers and the texts of an input. */
  #said(kind, said) {
    const { entry, call, identity, schema, header } = said ?? {};
    const options = () => [said.stale_time ?? NEVER, said.refetch_interval, said.gc_time ?? NEVER];
    switch (kind) {
      case "subscribe":
        return ["a", [this.#open(entry), ...options()]];
      case "unsubscribe":
        return ["b", [this.#handle(entry), ...options()]];
      case "read":
        return ["c", [this.#open(entry)]];
      case "unread":
        return ["d", [this.#handle(entry)]];
      case "refetch":
        return ["e", [this.#handle(entry)]];
      case "fetched": {
        const begun = this.#fetches[said.fetch - 1];
        if (begun?.key !== entry) {
          throw new Error(`no fetch ${said.fetch} of ${entry} has begun`);
        }
        const numbers = [begun.handle, begun.fetch, said.status, said.retry_after];
        return ["f", numbers, [identity, schema]];
      }
      case "call":
        return ["g", [call, Number(said.awaits)], [said.scope, "", "", specs(said.patches)]];
      case "call_answered":
        return ["h", [call, Number(said.ok)], [identity, schema, header, specs(said.list)]];
      case "call_lost":
        return ["i", [call]];
      case "seen":
        return ["j", [], ["", "", header]];
      case "cookie":
        return ["k", [], [said.nonce, "", header]];
      case "tab_invalidated":
        return ["l", [], [said.id, "", "", specs(said.list)]];
      case "tab_identity":
        return ["m", [], ["", "", identity]];
      case "invalidate":
        return ["n", [], ["", "", "", specs(said.list)]];
      case "configure":
        return ["o", [said.seed, said.retries, said.concurrency], [identity, schema]];
      case "visible":
        return ["p", [Number(said)]];
      case "restored":
        return ["q"];
      case "online":
        return ["s", [Number(said)]];
      case "hydrated":
        return ["t", [this.#open(entry)], [identity, schema]];
      default:
        return ["r"];
    }
  }

  #tell(letter, [number = 0, second = 0, third = 0, fourth = 0] = [], texts = []) {
    const { tell, memory } = this.#exports;
    this.#write(texts.join("\n"));
    const at = tell(this.#now, letter.charCodeAt(0), number, second, third, fourth);
    // The buffer is asked for now: it is another one when the memory has grown.
    const [count] = new Uint32Array(memory.buffer, at, 1);
    const words = [...new Uint32Array(memory.buffer, at + 4, count)];
    const outputs = [];
    while (words.length) {
      outputs.push(this.#output(...words.splice(0, 4)));
    }
    return outputs;
  }

  /** The table in src/outputs.rs. */
  #output(kind, number, detail, length) {
    const read = () =>
      new TextDecoder().decode(new Uint8Array(this.#exports.memory.buffer, detail, length));
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
        return { invalidated: { source, share, list: read().split(",") } };
      }
      case 7:
        return { share: { identity: read() } };
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
    this.#write(spec(key));
    const handle = this.#exports.open(this.#now);
    if (handle < 0 || (this.#handles.get(key) ?? handle) !== handle) {
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

  #write(text) {
    const bytes = new TextEncoder().encode(text);
    const at = this.#exports.input(bytes.length);
    new Uint8Array(this.#exports.memory.buffer, at).set(bytes);
  }
}

const specs = (list) => list.map(spec).join(",");

/** A key's text as the module takes it: each param marked as the text that it is. */
function spec(key) {
  const [name, query] = key.split("?");
  return query ? `${name}?${query.replaceAll(/(^|&)/g, "$1$$")}` : name;
}
