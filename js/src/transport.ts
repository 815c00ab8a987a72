import { type Body, readBody } from "./body.js";
import { settings } from "./configuration.js";
import { MizanError } from "./error.js";
import { isOwnOrigin, readCookies } from "./page.js";

/** An answer of the server, read to its end. */
export interface Reply {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** The answer of a context. */
export interface ContextReply extends Reply {
  /** What it says; missing where it is no success. */
  readonly read?: Body;
}

/** The CSRF token that `session/` gave; needed where no script may read the cookie. */
let sessionToken: string | undefined;
let refreshing: Promise<unknown> | undefined;
let own = false;

/** Whether the request that is being sent right now is the runtime's own. */
export function isOwn(): boolean {
  return own;
}

/**
 * Fetches the context of a key. The HTTP cache may answer only what the server has just confirmed. What is
 * as it was in the older body is the older value, as far as one is `known` when the answer comes.
 *
 * @throws MizanError where no answer came, or a success that cannot be read.
 */
export async function get(
  key: string,
  signal?: AbortSignal,
  known?: { readonly body?: Body | undefined },
): Promise<ContextReply> {
  const [name, query] = key.split("?") as [string, string?];
  const path = (settings.endpoints?.context ?? "ctx/{name}/").replace("{name}", name);
  try {
    const init = { cache: "no-cache", ...(signal && { signal }) } as const;
    const reply = await send(path + (query ? `?${query}` : ""), init);
    if (!reply.ok) {
      return reply;
    }
    const read = readBody(reply.bytes, known?.body);
    if (Object(read.value) !== read.value) {
      throw "the body is no object";
    }
    return { ...reply, read };
  } catch (cause) {
    throw signal?.aborted ? signal.reason : lost(cause);
  }
}

/**
 * A call, ready to be sent.
 *
 * @throws TypeError for arguments that are no JSON.
 */
export function prepare(name: string, args: unknown, signal?: AbortSignal): () => Promise<Reply> {
  const template = settings.endpoints?.call ?? "call/";
  const path = template.replace("{name}", () => encodeURIComponent(name));
  const body = JSON.stringify(path === template ? { function: name, args } : args);
  return () => send(path, { method: "POST", body, ...(signal && { signal }) });
}

/** The error that a reply stands for. */
export function problem(reply: Reply): MizanError {
  return new MizanError(reply.status, json(reply));
}

/** The error for a request to which no answer came, or none that can be read. */
export function lost(cause: unknown): MizanError {
  return new MizanError(0, { type: "network", title: "No answer", detail: String(cause) }, cause);
}

async function send(path: string, init: RequestInit, retry = true): Promise<Reply> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const token = await settings.token?.();
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  if (init.method) {
    headers["Content-Type"] = "application/json";
    if (!token) {
      const csrf = csrfCookie() ?? sessionToken ?? (await session());
      headers[settings.csrf?.header ?? "X-CSRFToken"] = csrf ?? "";
    }
  }
  const reply = await request(path, { ...init, headers });
  if (retry && token && reply.status === 401 && settings.refreshToken) {
    // Another request may have renewed it meanwhile.
    if ((await settings.token?.()) !== token) {
      return send(path, init, false);
    }
    refreshing ??= Promise.resolve()
      .then(settings.refreshToken)
      .finally(() => {
        refreshing = undefined;
      });
    try {
      await refreshing;
    } catch {
      return reply;
    }
    return send(path, init, false);
  }
  // Django rotates the token at login: what another tab did may have made ours invalid.
  if (retry && !token && reply.status === 403 && /\bcsrf$/.test(problem(reply).type)) {
    await session();
    return send(path, init, false);
  }
  return reply;
}

async function request(path: string, init: RequestInit): Promise<Reply> {
  own = true;
  let pending: Promise<Response>;
  try {
    const transport = settings.fetch ?? globalThis.fetch;
    pending = transport(settings.baseUrl + path, {
      credentials: settings.credentials ?? "same-origin",
      ...init,
    });
  } finally {
    own = false;
  }
  const response = await pending;
  const { status, ok, headers } = response;
  if (response.redirected) {
    readCookies();
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status, ok, headers, bytes };
}

/** The body of a reply as JSON; `undefined` where it is none. */
export function json({ bytes }: Reply): unknown {
  try {
    return readBody(bytes).value;
  } catch {
    return undefined;
  }
}

async function session(): Promise<string | undefined> {
  const reply = await request(settings.endpoints?.session ?? "session/", { cache: "no-store" });
  const { csrf } = Object(json(reply)) as { csrf?: string };
  sessionToken = csrf;
  return csrfCookie() ?? csrf;
}

/** Read at the time of sending: Django rotates it. Another origin has a cookie of its own. */
function csrfCookie(): string | undefined {
  if (typeof document === "undefined" || !isOwnOrigin(settings.baseUrl)) {
    return undefined;
  }
  const name = `${settings.csrf?.cookie ?? "csrftoken"}=`;
  const found = document.cookie.split("; ").find((cookie) => cookie.startsWith(name));
  return found?.slice(name.length);
}
