import { decoder } from "./encoding.js";

/** What an answer's body says. */
export interface Body {
  readonly value: unknown;
  readonly bytes?: Uint8Array;
  /** What it consists of, as soon as there is another body to compare it with. */
  parts?: readonly Part[];
  /** How many bodies after it are parsed as a whole, if they begin in another way. */
  readonly rest?: number | undefined;
}

/** A member's name or value, or an element of a list that is a member's value, as it is written. */
interface Part {
  readonly start: number;
  readonly span: number;
  readonly hash: number;
  /** What it says, as soon as it is parsed. What is not true is parsed each time: there is nothing to keep. */
  value: unknown;
}

/** In a body of so many bytes, to look for what is as it was costs as much as its parsing. */
const LONG = 10_000;
/** For how many bodies nothing is looked for, after one in which nothing was found. */
const REST = 7;

/**
 * Reads a body. What is in it as it was in an older one (the whole of it, a member of its object, an
 * element of a member that is a list of objects) is the older value itself, and is not parsed.
 *
 * @throws SyntaxError for what is no JSON.
 */
export function readBody(bytes: Uint8Array, old?: Body): Body {
  try {
    if (old?.bytes) {
      return compare(bytes, old.bytes, old);
    }
  } catch {
    // The whole is no JSON either, or there is nothing to cut, or no use in it. Its parser says where it is
    // wrong.
  }
  return { value: JSON.parse(decode(bytes)), bytes, rest: old?.rest && old.rest - 1 };
}

/**
 * Parses a body with a 0 in the place of each part that is an older one. Nothing here reads JSON: bytes
 * are cut where brackets and strings say so. But where a parser takes the rest, with a number for each
 * such part, the cuts are right, and the whole is valid and means what its parts mean.
 */
function compare(bytes: Uint8Array, older: Uint8Array, old: Body): Body {
  const oldView = new DataView(older.buffer);
  const view = new DataView(bytes.buffer);
  let known: readonly Part[] = [];
  const parts: Part[] = [];
  const members: [name: string, isList: boolean, parts: Part[]][] = [];
  const index = new Map<number, number>();
  let next = 0;
  let at = 0;
  let start = 0;
  let hash = 0;
  /** As far as here, bytes are those that were this much further to the left. */
  let until = 0;
  let shift = 0;
  let text = "";
  let written = 0;
  let isFound = bytes.length < LONG;

  /** Whether what comes next is what stood somewhere in the older body. */
  const isThere = (from: number, size: number) => {
    const moved = start - from;
    if (moved !== shift || start >= until) {
      const end = Math.min(bytes.length, older.length + moved);
      let to = start;
      // As two floats each time, which is the quickest. Floats that differ are equal only if they are 0 and -0,
      // whose bytes no JSON has.
      while (
        to + 16 <= end &&
        oldView.getFloat64(to - moved, true) === view.getFloat64(to, true) &&
        oldView.getFloat64(to - moved + 8, true) === view.getFloat64(to + 8, true)
      ) {
        to += 16;
      }
      while (to < end && older[to - moved] === bytes[to]) {
        to++;
      }
      shift = moved;
      until = to;
    }
    return start + size <= until;
  };

  /** Goes to the end of a part. */
  const pass = (from: number, seed = 0) => {
    let sum = seed;
    let depth = 0;
    let isText = false;
    let end = from;
    for (; end < bytes.length; end++) {
      let byte = bytes[end] as number;
      if (byte === 92) {
        end++;
      } else if (byte === 34) {
        isText = !isText;
      } else if (!isText) {
        // As braces, brackets are the same; commas and colons stay what they are.
        byte |= 32;
        if (!depth && (byte === 44 || byte === 58 || byte === 125)) {
          break;
        }
        depth += Number(byte === 123) - Number(byte === 125);
      }
      sum = Math.imul(sum ^ byte, 0x1000193);
    }
    hash = sum;
    at = end;
  };

  // A value with its name's hash: an element of one list is not looked for in another.
  const cut = (name = 0) => {
    start = ++at;
    let part = known[next];
    const size = part && isThere(part.start, part.span) ? part.span : 0;
    pass(start + size, name);
    if (!size || at > start + size) {
      if (!index.size) {
        known.forEach(({ hash }, at) => {
          index.set(hash, at);
        });
      }
      const found = index.get(hash) ?? known.length;
      part = known[found];
      if (part?.span === at - start && isThere(part.start, part.span)) {
        next = found;
      } else {
        part = undefined;
      }
    }
    next++;
    const cut = { start, span: at - start, hash: part ? part.hash : hash, value: part?.value };
    parts.push(cut);
    return cut;
  };

  if (bytes !== older) {
    if (isThere(0, bytes.length) && bytes.length === older.length) {
      return old;
    }
    if (old.rest && until * 8 < bytes.length) {
      throw 0;
    }
    old.parts ??= compare(older, older, old).parts as Part[];
    known = old.parts;
  }
  if (bytes[0] !== 123) {
    throw 0;
  }
  do {
    const name = cut();
    name.value ??= JSON.parse(decode(bytes, start, at));
    // What is in a list of numbers or texts is nothing to keep.
    const isList = bytes[at + 1] === 91 && ((bytes[at + 2] as number) | 32) === 123;
    at += Number(isList);
    const values: Part[] = [];
    do {
      const part = cut(name.hash);
      values.push(part);
      if (part.value) {
        text += `${start > written + 1 ? decode(bytes, written, start) : ","}0`;
        written = at;
        isFound ||= typeof part.value === "object";
      }
    } while (isList && bytes[at] === 44);
    if (isList) {
      pass(at + 1);
    }
    members.push([name.value as string, isList, values]);
  } while (bytes[at] === 44);

  const value = known.length ? JSON.parse(text + decode(bytes, written)) : old.value;
  // One name twice: nobody knows which parts are its value.
  if (Object.keys(value).length < members.length) {
    throw 0;
  }
  for (const [name, isList, parts] of members) {
    const holder = isList ? value[name] : value;
    const list = (old.value as Record<string, unknown[]>)[name];
    parts.forEach((part, at) => {
      const key = isList ? at : name;
      if (part.value) {
        holder[key] = part.value;
      } else {
        part.value = holder[key];
      }
    });
    if (
      isList &&
      list?.length === parts.length &&
      parts.every((part, at) => Object.is(part.value, list[at]))
    ) {
      value[name] = list;
    }
  }
  return { value, bytes, parts, rest: isFound ? 0 : REST };
}

function decode(bytes: Uint8Array, start?: number, end?: number): string {
  return decoder.decode(bytes.subarray(start, end));
}
