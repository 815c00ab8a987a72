/** One argument that the server did not accept (protocol rule E2). */
export interface ArgumentError {
  /** Where: the argument's name first, then the way into it. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** Why a fetch or a call failed: the server's problem details (RFC 9457), or the network. */
export class MizanError<A = Record<string, unknown>> extends Error {
  override name = "MizanError";
  /** The HTTP status; 0 where no answer came, or one that cannot be read. */
  declare readonly status: number;
  /**
   * The problem's type, such as `urn:mizan:problem:csrf`; `network` where no answer came, `wasm` where
   * WebAssembly is blocked.
   */
  declare readonly type: string;
  declare readonly title: string;
  declare readonly detail: string | undefined;
  /** What was wrong with which argument; empty for every status but 400 and 422. */
  declare readonly errors: readonly ArgumentError[];
  /** By argument: the first thing that was wrong with it. */
  declare readonly fields: { readonly [argument in keyof A & string]?: string };

  constructor(status: number, problem: unknown, cause?: unknown) {
    const {
      type = "about:blank",
      title = `HTTP ${status}`,
      detail,
      errors,
    } = Object(problem) as Partial<MizanError>;
    const all = Array.isArray(errors) ? errors : [];
    super(detail ? `${title}: ${detail}` : title, { cause });
    Object.assign(this, {
      status,
      type,
      title,
      detail,
      errors: all,
      fields: Object.fromEntries(all.map((error) => [error?.loc?.[0], error?.msg]).reverse()),
    });
  }
}

/**
 * The error of whatever needs WebAssembly where there is none.
 *
 * @internal
 */
export function blocked(cause: unknown): MizanError {
  const detail = "allow 'wasm-unsafe-eval' in script-src, or import @mizan/runtime/js";
  return new MizanError(0, { type: "wasm", title: "WebAssembly is blocked", detail }, cause);
}

/** A text that is no list of invalidations. */
export class InvalidHeader extends Error {
  override name = "InvalidHeader";
  /** The index of the character, or of the list's member, that is wrong. */
  declare readonly position: number;

  constructor(message: string) {
    super(message);
    this.position = Number(/\d+$/.exec(message)?.[0]);
  }
}

/** A context's name, a param's name or a param's value that no key can have. */
export class InvalidKey extends TypeError {
  override name = "InvalidKey";
}
