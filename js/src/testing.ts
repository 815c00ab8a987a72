/// <reference lib="esnext.disposable" preserve="true" />
import { encode } from "./encoding.js";
import { type Configuration, configure, contextKey, type Params, reset } from "./index.js";
import { Problem } from "./problem.js";

export { type Problem, type ProblemOptions, problem } from "./problem.js";

/** The contexts and mutations of a server by name, as `Schema` in generated code. */
export interface SchemaTypes {
  contexts: { [name: string]: { params: object; data: object } };
  mutations: { [name: string]: { args: unknown; result: unknown } };
}

/** Any server: whatever is said of it is right. */
export interface AnySchema {
  // biome-ignore-start lint/suspicious/noExplicitAny: nothing is known of them
  contexts: { [name: string]: { params: Params; data: any } };
  mutations: { [name: string]: { args: any; result: any } };
  // biome-ignore-end lint/suspicious/noExplicitAny: nothing is known of them
}

type ContextName<S extends SchemaTypes> = keyof S["contexts"] & string;
type MutationName<S extends SchemaTypes> = keyof S["mutations"] & string;
type ParamsOf<S extends SchemaTypes, N extends ContextName<S>> = S["contexts"][N]["params"];
type DataOf<S extends SchemaTypes, N extends ContextName<S>> = S["contexts"][N]["data"];
// A call without arguments has an empty object on the wire.
type ArgsOf<
  S extends SchemaTypes,
  N extends MutationName<S>,
> = S["mutations"][N]["args"] extends void ? Record<never, never> : S["mutations"][N]["args"];

/** A value as a test writes it: a text of a type of its own, such as a date, is any text. */
export type Written<T> = T extends { readonly __format: string }
  ? string
  : T extends object
    ? { [K in keyof T]: Written<T[K]> }
    : T;

/** The data of a context. A member may fail alone, or the context as a whole. */
export type ContextAnswer<S extends SchemaTypes, N extends ContextName<S>> =
  | { readonly [K in keyof DataOf<S, N>]: Written<DataOf<S, N>[K]> | Problem }
  | Problem;

/** The result of a mutation, or why there is none. */
export type MutationAnswer<S extends SchemaTypes, N extends MutationName<S>> =
  | Written<S["mutations"][N]["result"]>
  | Problem<ArgsOf<S, N>>;

/** What the page has asked for. */
export type RequestOf<S extends SchemaTypes> =
  | { [N in ContextName<S>]: { context: N; params: ParamsOf<S, N> } }[ContextName<S>]
  | { [N in MutationName<S>]: { mutation: N; args: ArgsOf<S, N> } }[MutationName<S>];

/** What the answer of a mutation says beside its result. */
export interface Change<S extends SchemaTypes> {
  /** A context is not what it was: wherever it has these params. `*` is every context. */
  invalidate<N extends ContextName<S>>(
    name: N | "*",
    params?: Partial<Written<ParamsOf<S, N>>>,
  ): void;
}

/** How an answer comes. */
export interface AnswerOptions {
  /** How long it is on its way, in milliseconds, by the timers that a test may fake. Default 0. */
  readonly delay?: number;
}

/** How a server is. */
export interface TestServerOptions {
  /** How long an answer is on its way that does not say it itself, in milliseconds. Default 0. */
  readonly delay?: number;
  /**
   * How often the runtime tries a fetch again that failed for the time being. Default 0: a failure is shown at
   * once.
   */
  readonly retries?: number;
}

/** The server of a test, in the test's own process. */
export interface TestServer<S extends SchemaTypes = AnySchema> {
  /** Answers a context with whatever params. What was said last counts. */
  context<N extends ContextName<S>>(
    name: N,
    answer: (params: ParamsOf<S, N>) => ContextAnswer<S, N> | Promise<ContextAnswer<S, N>>,
    options?: AnswerOptions,
  ): void;
  // The last one is what TypeScript speaks of where none fits.
  /** Answers a context that has these params, and no others. What was said last counts. */
  context<N extends ContextName<S>>(
    name: N,
    params: Written<ParamsOf<S, N>>,
    data: ContextAnswer<S, N>,
    options?: AnswerOptions,
  ): void;
  /** Answers the calls of a mutation. What was said last counts. */
  mutation<N extends MutationName<S>>(
    name: N,
    answer: (
      args: ArgsOf<S, N>,
      change: Change<S>,
    ) => MutationAnswer<S, N> | Promise<MutationAnswer<S, N>>,
    options?: AnswerOptions,
  ): void;
  /** What the page has asked for in this test, in order. */
  readonly requests: readonly RequestOf<S>[];
  /** Who is logged in. Where that changes, the page forgets what it shows. Default: the server does not say. */
  identity: string | undefined;
  /** Nothing is answered from now on, as where the network or the server is down. */
  offline(): void;
  /** The end of that. */
  online(): void;
  /**
   * The end of a test, and of whatever is under way: all answers are forgotten, and the next test finds the
   * runtime as a page that has just been loaded. A component that is still mounted hears of nothing more.
   *
   * @throws what was wrong with the test: what had no answer, what an answer has thrown.
   */
  reset(): void;
  /**
   * The same, and the network is back, with the settings that the app has made. `using` does it by itself.
   *
   * @throws as `reset()` does.
   */
  stop(): void;
  [Symbol.dispose](): void;
}

/** An answer that was said. */
interface Said {
  readonly name: string;
  /** Of the context; missing where all of that name are answered so. */
  readonly key?: string;
  // biome-ignore lint/suspicious/noExplicitAny: TestServer says what it takes
  readonly answer: (given: any, change: any) => unknown;
  readonly delay: number | undefined;
}

/** A request that has reached the server. */
interface Asked {
  /** What it is called in an error, and what a test has to say to have it answered. */
  readonly what: string;
  readonly hint: string;
  /** What the test sees of it. */
  readonly request: object;
  readonly said: Said | undefined;
  /** What the server makes of what was said. */
  readonly answer: (said: Said) => Promise<object>;
}

/** Everything that ends with a test. */
class Test {
  /** What was said, the last first. */
  readonly contexts: Said[] = [];
  readonly mutations: Said[] = [];
  readonly requests: object[] = [];
  /** What was wrong with it, each thing once. */
  readonly wrong = new Map<string, unknown>();
  readonly timers = new Set<ReturnType<typeof setTimeout>>();
  identity: string | undefined;
  isOffline = false;
}

/** The settings that are the server's own while it runs. What the app says of them counts afterwards. */
const OWN = ["fetch", "endpoints", "retries", "token", "refreshToken"] as const;

/** Stops the one that is running. */
let stopRunning: (() => void) | undefined;

/**
 * Stands in for the server: the test answers what the runtime asks. Whatever else the page asks for goes where
 * it always does. Of two servers, the later one counts: the other one is stopped.
 */
export function createTestServer<S extends SchemaTypes = AnySchema>({
  delay: usual = 0,
  retries = 0,
}: TestServerOptions = {}): TestServer<S> {
  stopRunning?.();
  const { settings, paramsOf } = reset();
  let test = new Test();

  /** What comes to nothing if the test is over before it is done. */
  async function within<T>(own: Test, work: T | PromiseLike<T>): Promise<T> {
    try {
      return await work;
    } finally {
      if (own !== test) {
        await new Promise(() => {});
      }
    }
  }

  function fetch(url: string, { signal, method, body }: RequestInit): Promise<Response> {
    const path = url.slice(settings.baseUrl.length);
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", () => reject(signal.reason));
      const own = test;
      const [, name, query = ""] = /^ctx\/(\w+)\/(\?.*)?$/.exec(path) ?? [];
      const answer = name
        ? respond(own, askedContext(own, name, name + query))
        : method
          ? respond(own, askedMutation(own, body as string))
          : reply(own, 200, { csrf: "test" });
      within(own, answer).then(resolve, reject);
    });
  }

  async function respond(own: Test, asked: Asked): Promise<Response> {
    const { said, what } = asked;
    own.requests.push(asked.request);
    let answer: Response | undefined;
    try {
      if (own.isOffline) {
        throw new Problem(0, {});
      }
      answer = said
        ? reply(own, 200, await asked.answer(said))
        : complain(own, `No answer for ${what}`, `say ${asked.hint}`);
    } catch (cause) {
      if (!(cause instanceof Problem)) {
        answer = complain(own, `The answer for ${what} has failed`, `${cause}`, cause);
      } else if (cause.status) {
        answer = reply(own, cause.status, cause.document, cause.about.retryAfter);
      }
    }
    await travel(own, said?.delay ?? usual);
    if (!answer) {
      throw new TypeError("the test's server is out of reach");
    }
    return answer;
  }

  function travel({ timers }: Test, delay: number): Promise<void> | undefined {
    if (!delay) {
      return undefined;
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, delay);
      timers.add(timer);
    });
  }

  /** Whoever waits hears of it at once, by a status that is not tried again; the test when it ends. */
  function complain(own: Test, title: string, detail: string, cause?: unknown): Response {
    const message = `${title}: ${detail}`;
    own.wrong.set(message, cause ?? new Error(message));
    return reply(own, 400, { type: "about:blank", title, status: 400, detail });
  }

  function askedContext(own: Test, name: string, key: string): Asked {
    const params = paramsOf(key);
    return {
      what: `the context ${key}`,
      hint: `server.context("${name}", ${literal(params)}, …)`,
      request: { context: name, params },
      said: own.contexts.find((said) => said.name === name && (said.key ?? key) === key),
      async answer(said) {
        const data = refused(await said.answer({ ...params }, undefined));
        if (Object(data) !== data || Array.isArray(data)) {
          throw new TypeError(`expected an object with a member for each function, found ${data}`);
        }
        const members = Object.entries(data as object);
        const errors = members.flatMap(([name, member]) =>
          member instanceof Problem ? [[name, member.document]] : [],
        );
        return {
          ...Object.fromEntries(members.filter(([, member]) => !(member instanceof Problem))),
          ...(errors.length && { $errors: Object.fromEntries(errors) }),
        };
      },
    };
  }

  function askedMutation(own: Test, body: string): Asked {
    const { function: name, args } = JSON.parse(body) as { function: string; args: object };
    return {
      what: `the mutation ${name}(${JSON.stringify(args)})`,
      hint: `server.mutation("${name}", (args) => …)`,
      request: { mutation: name, args },
      said: own.mutations.find((said) => said.name === name),
      async answer(said) {
        const changed: unknown[] = [];
        const invalidate = (context: string, params?: object) => {
          changed.push(params ? { context, params } : context);
        };
        // What the answer does to its arguments is nothing that was asked for.
        const result = refused(await said.answer(JSON.parse(body).args, { invalidate }));
        return { result: result ?? null, invalidate: changed };
      },
    };
  }

  /** What the app has said of them. */
  const kept: { -readonly [name in (typeof OWN)[number]]?: Configuration[name] } = {};
  const taken: { readonly [name in (typeof OWN)[number]]: unknown } = {
    fetch,
    endpoints: undefined,
    retries,
    // What waits for the app's own function must not ask in the name of the next test.
    get token() {
      const { token } = kept;
      return token && (() => within(test, token()));
    },
    get refreshToken() {
      const { refreshToken } = kept;
      return refreshToken && (() => within(test, refreshToken()));
    },
  };
  for (const name of OWN) {
    Object.assign(kept, { [name]: settings[name] });
    Object.defineProperty(settings, name, {
      configurable: true,
      enumerable: true,
      get: () => taken[name],
      set: (value) => {
        Object.assign(kept, { [name]: value });
      },
    });
  }
  stopRunning = stop;
  // The machine has to hear of them.
  configure({});

  /** The present test, to say something of it. */
  function present(): Test {
    if (stopRunning !== stop) {
      throw new Error("This test server was stopped: nothing asks it any more");
    }
    return test;
  }

  function end(): void {
    const { wrong, timers } = test;
    for (const timer of timers) {
      clearTimeout(timer);
    }
    test = new Test();
    reset();
    const errors = [...wrong.values()];
    if (errors.length > 1) {
      throw new AggregateError(errors, [...wrong.keys()].join("\n"));
    }
    if (errors.length) {
      throw errors[0];
    }
  }

  function stop(): void {
    if (stopRunning === stop) {
      stopRunning = undefined;
      for (const name of OWN) {
        const value = kept[name];
        Object.defineProperty(settings, name, { value, writable: true });
      }
      end();
    }
  }

  return {
    context(name: string, ...rest: unknown[]) {
      const [key, answer, options] =
        typeof rest[0] === "function"
          ? [undefined, rest[0], rest[1]]
          : [contextKey(name, rest[0] as Params), () => rest[1], rest[2]];
      const { delay } = Object(options) as AnswerOptions;
      present().contexts.unshift({ name, key, answer, delay } as Said);
    },
    mutation(name, answer, { delay } = {}) {
      present().mutations.unshift({ name, answer, delay });
    },
    get requests() {
      return test.requests as RequestOf<S>[];
    },
    get identity() {
      return test.identity;
    },
    set identity(identity) {
      present().identity = identity;
    },
    offline() {
      present().isOffline = true;
    },
    online() {
      present().isOffline = false;
    },
    reset: end,
    stop,
    // A test environment may not know the symbol yet; what compiles `using` defines it so.
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: stop,
  } as TestServer<S>;
}

/** What is a problem is thrown, as an answer may have thrown it itself. */
function refused(value: unknown): unknown {
  if (value instanceof Problem) {
    throw value;
  }
  return value;
}

/** Params as a test writes them. */
function literal(params: Params): string {
  const pairs = Object.entries(params).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return pairs.length ? `{ ${pairs.join(", ")} }` : "{}";
}

/**
 * What the runtime looks at of an answer, and no more: jsdom, as Jest runs it, has no `Response`. What is said goes
 * through JSON here, so that the page gets what a wire can carry.
 */
function reply(
  { identity }: Test,
  status: number,
  document: object,
  retryAfter?: number,
): Response {
  const headers: { [name: string]: string | number | undefined } = {
    "content-type": status < 400 ? "application/json" : "application/problem+json",
    "retry-after": retryAfter,
    "x-mizan-identity": identity,
  };
  const { buffer } = encode(JSON.stringify(document));
  return {
    ok: status < 400,
    status,
    redirected: false,
    headers: { get: (name: string) => headers[name.toLowerCase()]?.toString() ?? null },
    arrayBuffer: async () => buffer,
  } as unknown as Response;
}
