import { type Body, readBody } from "./body.js";
import { settings } from "./configuration.js";
import { MizanError } from "./error.js";
import { cookies, isOwnOrigin, readCookies } from "./page.js";

/** An answer of the server, read to its end. */
export type Reply = Response & { readonly bytes: Uint8Array };

/** The CSRF token that `session/` gave; needed where no script may read the cookie. */
let sessionToken: string | undefined;
let refreshing: Promise<unknown> | undefined;

/** By which all runtimes of a page know an answer's id, and know while one of them sends a request of its own. */
export const MARK = Symbol.for("mizan id");

const page = globalThis as { [MARK]?: boolean };

/**
 * Whether the request that is being sent right now is a runtime's own: that one tells the others what it was
 * answered.
 */
export function isOwn(_request?: unknown): boolean | undefined {
  return page[MARK];
}

/** The page has sent an unsafe request there, and the answer does not say what it has changed. */
export function unsaid(_url: string): void {}

/**
 * Fetches the context of a key. The HTTP cache may answer only what the server has just confirmed.
 *
 * @throws MizanError where no answer came.
 */
export async function get(key: string, signal?: AbortSignal): Promise<Reply> {
  const [name, query] = key.split("?") as [string, string?];
  const path = (settings.endpoints?.context ?? "ctx/{name}/").replace("{name}", name);
  try {
    const init = { cache: "no-cache", signal } as RequestInit;
    return await send(path + (query ? `?${query}` : ""), init);
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
  return () => send(path, { method: "POST", body, signal } as RequestInit);
}

/** The error that a reply stands for. */
export function problem(reply: Reply): MizanError {
  return new MizanError(reply.status, json(reply));
}

/**
 * What a context's reply says. What is as it was in the older body is the older value.
 *
 * @throws MizanError for a reply that is no value.
 */
export function readContext(reply: Reply, old?: Body): Body {
  if (!reply.ok) {
    throw problem(reply);
  }
  let why: unknown = "the body is no object";
  try {
    const body = readBody(reply.bytes, old);
    if (Object(body.value) === body.value) {
      return body;
    }
  } catch (cause) {
    why = cause;
  }
  throw lost(`${why} (Content-Type: ${reply.headers.get("Content-Type")})`, why);
}

/** The error for a request to which no answer came, or none that can be read. */
export function lost(detail: unknown, cause = detail): MizanError {
  return new MizanError(0, { type: "network", title: "No answer", detail: String(detail) }, cause);
}

/** What was refused because of its CSRF token is sent once more, with the `renewed` one. */
async function send(
  path: string,
  init: RequestInit,
  retry = true,
  renewed?: string,
): Promise<Reply> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const token = await settings.token?.();
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  if (init.method) {
    headers["Content-Type"] = "application/json";
    if (!token) {
      const csrf = renewed ?? csrfCookie() ?? sessionToken ?? (await session());
      headers[settings.csrf?.header ?? "X-CSRFToken"] = csrf ?? "";
    }
  }
  const reply = await request(path, { ...init, headers });
  if (retry && token && reply.status === 401 && settings.refreshToken) {
    // Another request may have renewed it meanwhile.
    if ((await settings.token?.()) === token) {
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
    }
    return send(path, init, false);
  }
  // Django rotates the token at login: what another tab did may have made ours invalid.
  if (retry && !token && reply.status === 403 && /\bcsrf$/.test(problem(reply).type)) {
    return send(path, init, false, await session());
  }
  return reply;
}

async function request(path: string, init: RequestInit): Promise<Reply> {
  page[MARK] = true;
  let pending: Promise<Response>;
  try {
    const { fetch = globalThis.fetch, credentials } = settings;
    pending = fetch(settings.baseUrl + path, { credentials, ...init } as RequestInit);
  } finally {
    page[MARK] = false;
  }
  const response = await pending;
  if (response.redirected) {
    readCookies();
  }
  return Object.assign(response, { bytes: new Uint8Array(await response.arrayBuffer()) });
}

/** The body of a reply as JSON; `undefined` where it is none. */
export function json({ bytes }: Reply): unknown {
  try {
    return readBody(bytes).value;
  } catch {
    return undefined;
  }
}

/** Forgets the tokens. */
export function endSession(): void {
  sessionToken = undefined;
  refreshing = undefined;
}

async function session(): Promise<string | undefined> {
  const reply = await request(settings.endpoints?.session ?? "session/", { cache: "no-store" });
  const { csrf } = Object(json(reply)) as { csrf?: string };
  sessionToken = csrf;
  return csrf ?? csrfCookie();
}

/** Read at the time of sending: Django rotates it. Another origin has a cookie of its own. */
function csrfCookie(): string | undefined {
  const name = `${settings.csrf?.cookie ?? "csrftoken"}=`;
  const found = cookies().find((cookie) => cookie.startsWith(name));
  return found && isOwnOrigin(settings.baseUrl) ? found.slice(name.length) : undefined;
}
