import { TextDecoder } from "./encoding.js";
import { compareBodies } from "./machine.js";

/** What an answer's body says. */
export interface Body {
  readonly value: unknown;
  /** Its print (core/src/body.rs), or its bytes until one is needed: many a body has no successor. */
  readonly print?: Uint8Array | undefined;
  readonly bytes?: Uint8Array;
}

/** A longer body does not go through the wasm, whose memory never shrinks. */
const LIMIT = 2 ** 23;

/**
 * Reads a body. What is in it as it was in an older one (the whole of it, a member of its object, an
 * element of a member that is an array) is the older value itself, and is not parsed.
 *
 * @throws SyntaxError for what is no JSON.
 */
export function readBody(bytes: Uint8Array, old?: Body): Body {
  const text = (start?: number, end?: number) =>
    new TextDecoder().decode(bytes.subarray(start, end));
  const whole = () => JSON.parse(text()) as unknown;
  if (bytes.length > LIMIT) {
    return { value: whole() };
  }
  let known = old?.print;
  if (old?.bytes) {
    [known] = compareBodies(crypto.getRandomValues(new Uint8Array(8)), old.bytes) ?? [];
  }
  const found = known && compareBodies(known, bytes);
  if (!old || !found) {
    return { value: whole(), bytes };
  }
  const [print, plan] = found;
  if (!print.length) {
    return { value: old.value, print: known };
  }
  let value: unknown;
  try {
    value = plan.length ? assemble(plan, text, old.value) : undefined;
  } catch {
    // The whole is no JSON either, and there its parser says where.
  }
  return { value: value ?? whole(), print };
}

/** Does what a plan says (`Kind` in core/src/body.rs). */
function assemble(
  plan: Uint32Array,
  text: (start: number, end: number) => string,
  old: unknown,
): unknown {
  const members: [name: string, value: unknown][] = [];
  let known: unknown;
  let list: unknown[] = [];
  for (let at = 0; at < plan.length; at += 2) {
    const step = plan[at] as number;
    const start = step >>> 2;
    const kind = step & 3;
    if (!kind) {
      const name = text(start, plan[at + 1] as number);
      known = Object(old)[name];
      list = [];
      members.push([name, known]);
      continue;
    }
    const member = members.at(-1) as [string, unknown];
    if (kind === 1) {
      member[1] = JSON.parse(text(start, plan[at + 1] as number));
      continue;
    }
    member[1] = list;
    if (kind === 2) {
      list.push((known as unknown[])[start]);
    } else {
      while (((plan[at + 2] as number) & 3) > 2) {
        at += 2;
      }
      for (const element of JSON.parse(`[${text(start, plan[at + 1] as number)}]`)) {
        list.push(element);
      }
    }
  }
  // Makes an own member also of the name `__proto__`.
  return Object.fromEntries(members);
}
