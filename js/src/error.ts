/** One argument that the server did not accept (protocol rule E2). */
export interface ArgumentError {
  /** Where: the argument's name first, then the way into it. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** Why a fetch or a call failed: the server's problem details (RFC 9457), or the network. */
export class MizanError extends Error {
  override readonly name = "MizanError";
  /** The HTTP status; 0 where no answer came, or one that cannot be read. */
  readonly status: number;
  /** The problem's type, such as `urn:mizan:problem:csrf`; `network` where no answer came. */
  readonly type: string;
  readonly title: string;
  readonly detail: string | undefined;
  /** What was wrong with which argument; empty for every status but 400 and 422. */
  readonly errors: readonly ArgumentError[];

  constructor(status: number, problem: unknown, cause?: unknown) {
    const { type, title, detail, errors } = Object(problem) as Record<string, unknown>;
    const heading = typeof title === "string" ? title : `HTTP ${status}`;
    super(typeof detail === "string" ? `${heading}: ${detail}` : heading, { cause });
    this.status = status;
    this.type = typeof type === "string" ? type : "about:blank";
    this.title = heading;
    this.detail = typeof detail === "string" ? detail : undefined;
    this.errors = Array.isArray(errors) ? errors : [];
  }
}

/** A text that is no list of invalidations. */
export class InvalidHeader extends Error {
  override readonly name = "InvalidHeader";
  /** The index of the character, or of the list's member, that is wrong. */
  readonly position: number;

  constructor(message: string) {
    super(message);
    this.position = Number(/\d+$/.exec(message)?.[0]);
  }
}

/** A context's name, a param's name or a param's value that no key can have. */
export class InvalidKey extends TypeError {
  override readonly name = "InvalidKey";
}
