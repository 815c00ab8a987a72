import type { MizanError } from "./error.js";

/** A value that addresses a context. `null` and `undefined` mean: not given. */
export type ParamValue = string | number | bigint | boolean | null | undefined;

/** The params of a context, by name. */
export type Params = Readonly<Record<string, ParamValue>>;

/** How to fetch a context's value. */
export interface FetchOptions {
  /** Gives up waiting for it. */
  readonly signal?: AbortSignal | undefined;
}

/** What is no longer true: every key of a context, or those that have these params; `*` is all. */
export type Invalidation = string | { readonly context: string; readonly params?: Params };

/** What is known of a context at one moment. A new object whenever something has changed. */
export interface Snapshot<T> {
  /** The newest value that has arrived; one member per function of the context. */
  readonly data: T | undefined;
  /** Why the last fetch failed. An older value stays beside it. */
  readonly error: MizanError | undefined;
  /** `gone`: the server says that there is no such thing any more (404 or 410). */
  readonly status: "pending" | "success" | "error" | "gone";
  /** A fetch is under way, or waits for a network or for its next attempt. */
  readonly isFetching: boolean;
  /** The value may be older than what the server has; a newer one is being fetched if anybody looks. */
  readonly isStale: boolean;
}

/** What a registration asks for. Times are in milliseconds; `Infinity` is never. */
export interface RegistrationOptions {
  /** Ends its subscriptions. */
  signal?: AbortSignal;
  /** Whether its subscriptions fetch. Without, they only hear of what others do. Default true. */
  enabled?: boolean;
  /** A younger value is not fetched again because the page is visible or online again. Default 0. */
  staleTime?: number;
  /** Fetch again when the value is as old as this, while somebody can see it. Default 0: do not. */
  refetchInterval?: number;
  /** How long to keep the value when the last subscriber has left; 0 is at once. Default five minutes. */
  gcTime?: number;
}

/** What to show of the contexts that it names until the server's word is there. */
export interface Patch {
  readonly context: string;
  /** Only the contexts with these params. Without, every one of that name. */
  readonly params?: Params;
  /**
   * By member: the value to show, made of the one that is there. It must not be changed in place. Called
   * again for each newer value, unless it has thrown; a member that is not there is passed over.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a member has the type that its server gives it
  readonly update: Readonly<Record<string, (value: any) => unknown>>;
}

/** How to make a call. */
export interface CallOptions {
  /** A call that is given up before its turn is not sent, and changes nothing. */
  signal?: AbortSignal;
  /** Resolve only when what the call invalidated and is on the page has been fetched again. */
  awaitRefetch?: boolean;
  /** Calls of one scope are sent one after the other. */
  scope?: string;
  /** What to show until the server's word is there; nothing of it stays if the call fails. */
  optimistic?: readonly Patch[];
}

/** One context that somebody keeps an eye on. */
export interface Registration<T> {
  /** The context's name and params as canonical text, `user?user_id=5`. */
  readonly key: string;
  /**
   * What it asks for, as the machine takes it: nothing where it is not enabled.
   *
   * @internal
   */
  readonly wants: readonly number[];
  /** Calls back after each change, and keeps the context up to date until the result is called. */
  subscribe(callback: () => void): () => void;
  /** The present state. The same object until something changes. */
  getSnapshot(): Snapshot<T>;
  /** The state that the page came with, as the server has rendered it. */
  getServerSnapshot(): Snapshot<T>;
  /** Resolves with the value as soon as it is fresh. */
  read(): Promise<T>;
  /** Fetches again, and resolves with the new value. */
  refetch(): Promise<T>;
  /** Ends every subscription that was made through this registration. */
  release(): void;
}

/** What a server has rendered a page with (protocol rule S1). */
export interface Payload {
  readonly schema?: string;
  readonly identity?: string;
  readonly contexts: readonly {
    readonly context: string;
    readonly params?: Params;
    readonly data: unknown;
  }[];
}

/** What the runtime tells `onEvent`. */
export type MizanEvent =
  | {
      readonly type: "invalidate";
      readonly source: "call" | "header" | "cookie" | "tab" | "local" | "unknown";
      readonly list: Invalidation[];
    }
  | { readonly type: "fetch"; readonly key: string }
  | { readonly type: "settle"; readonly key: string; readonly status: number }
  | { readonly type: "error"; readonly error: Error }
  | { readonly type: "identity" }
  | { readonly type: "outdated" };

/** Settings of {@link configure}. What is left out stays as it is. */
export interface Configuration {
  /** Where the server's endpoints are. Default `/api/mizan/`. */
  baseUrl?: string;
  /** Replaces the transport, for tests and servers. */
  fetch?: typeof fetch;
  /** The access token to send as `Authorization: Bearer`; nothing means the session's cookie. */
  token?: () => string | null | undefined | Promise<string | null | undefined>;
  /** Renews the token after a 401, once for all requests that wait for it. */
  refreshToken?: () => unknown;
  /** Names of the CSRF cookie and header. Default `csrftoken` and `X-CSRFToken`. */
  csrf?: { cookie?: string; header?: string };
  /** Paths below `baseUrl`; `{name}` stands for the context or function. */
  endpoints?: { context?: string; call?: string; session?: string };
  /** Whether `mizanFetch` uses the cache. Default: in a page, not in a process without a document. */
  cache?: boolean;
  /** As in `fetch`. Default `same-origin`. */
  credentials?: RequestCredentials;
  /** How often a fetch is tried again that failed for the time being. Calls never are. Default 3. */
  retries?: number;
  /** How many contexts are fetched at a time, those that somebody looks at first. Default 64. */
  concurrency?: number;
  /** Whether invalidations on the page's other requests count. Default `true`. */
  observeFetch?: boolean;
  /** The hash of the schema that the page's code was generated from. Generated code sets it. */
  schema?: string;
  /** Called with everything that happens. */
  onEvent?: (event: MizanEvent) => void;
}
