/** What the server says of a status (protocol rule E1): the last part of the problem's type, and its title. */
const KINDS: { readonly [status: number]: readonly [kind: string, title: string] } = {
  400: ["malformed", "The request is malformed"],
  401: ["unauthenticated", "Authentication is required"],
  403: ["forbidden", "Not allowed"],
  404: ["not-found", "Not found"],
  405: ["method-not-allowed", "The method is not allowed"],
  413: ["too-large", "The request is too large"],
  415: ["unsupported-media-type", "The media type is not supported"],
  422: ["invalid", "The data is invalid"],
  429: ["too-many-requests", "Too many requests"],
  500: ["internal", "The server failed"],
};

/** What a problem says beside its status. */
export interface ProblemOptions<A = Record<string, unknown>> {
  readonly detail?: string;
  /** By argument: what is wrong with it, as `error.fields` has it then. */
  readonly fields?: { readonly [argument in keyof A & string]?: string };
  /** The problem's type, where it is not the one that the server has for this status. */
  readonly type?: string;
  readonly title?: string;
  /** In how many seconds to try again. */
  readonly retryAfter?: number;
}

/** That a test's server refuses, or that no answer of it arrives. */
export class Problem<A = Record<string, unknown>> extends Error {
  override name = "Problem";

  constructor(
    readonly status: number,
    readonly about: ProblemOptions<A>,
  ) {
    super(`a test's server answers with ${status}`);
  }

  /** What the real server would send (RFC 9457). What is missing is not there. */
  get document(): Record<string, unknown> {
    const { type, title, detail, fields } = this.about;
    const [kind, usual] = KINDS[this.status] ?? [];
    const errors = Object.entries(fields ?? {}).map(([name, msg]) => ({
      loc: [name],
      msg,
      type: "invalid",
    }));
    return {
      type: type ?? (kind ? `urn:mizan:problem:${kind}` : "about:blank"),
      title: title ?? usual ?? `HTTP ${this.status}`,
      status: this.status,
      ...(detail && { detail }),
      ...(errors.length && { errors }),
    };
  }
}

/**
 * A refusal, for an answer to throw or to give. In the place of a context's member, it is that member alone that
 * fails.
 *
 * @param status such as 403 or 422; 0 where no answer arrives, whatever the server has done.
 */
export function problem<A = Record<string, unknown>>(
  status: number,
  about: ProblemOptions<A> = {},
): Problem<A> {
  return new Problem(status, about);
}
