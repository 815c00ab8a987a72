import { blocked } from "./error.js";

/** A module as the text that js/pack.mjs has made of it. */
export type Source = string;

/**
 * A new instance of a module that is a text of this file. The build puts another file in the place of this
 * one for the entries that come by their modules in another way: twin.ts, compiled.ts, given.ts.
 */
export function instantiate(packed: Source): WebAssembly.Exports {
  try {
    // Some engines refuse the module, others only its instance.
    return new WebAssembly.Instance(new WebAssembly.Module(unpack(packed))).exports;
  } catch (cause) {
    throw blocked(cause);
  }
}

/**
 * Where that stands which an instruction is about, for each up to 66: nowhere, among the instructions,
 * depths, locals, offsets or constants.
 */
const PARTS = "0011100000002220110000000000000033311000444444444444444444444440055";

/** In the order of the text. Two are copied as they are: what is before the functions, and what is after them. */
type Part = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/**
 * The module that js/pack.mjs made a text of. Each part is read from its own place, `at`, which is all
 * that changes: a page does this once, before it is optimised, and waits for it.
 */
export function unpack(text: string): Uint8Array<ArrayBuffer> {
  const { length } = text;
  const bytes = new Uint8Array(length);
  const places = [0];
  let end = 0;
  let high = 0;
  for (let next = 0; next < length; next++) {
    const letter = text.charCodeAt(next);
    const low = letter - (letter > 91 ? 36 : 35);
    if (letter > 125) {
      places.push(end);
    } else if (low < 0) {
      high = low * 90 + 360;
    } else {
      bytes[end++] = high + low;
      high = 0;
    }
  }
  // With the sizes of functions and with alignments, which the text has not.
  const module = new Uint8Array(length * 2);
  let out = 0;
  const at = places as unknown as Record<Part, number>;
  const take = (part: Part) => {
    let byte: number;
    do {
      byte = bytes[at[part]++] as number;
      module[out++] = byte;
    } while (byte > 127);
    return byte;
  };
  const all = (from: number, to: number) => {
    module.set(bytes.subarray(from, to), out);
    out += to - from;
  };
  const [tail, variables] = [at[6], at[7]];
  all(0, at[1]);
  while (at[7] < end) {
    const start = out;
    out += 2;
    for (let left = take(7) * 2; left; left--) {
      take(7);
    }
    for (let depth = 1; depth; ) {
      const byte = bytes[at[1]++] as number;
      module[out++] = byte;
      depth += byte > 1 && byte < 5 ? 1 : byte === 11 ? -1 : 0;
      const part = (byte > 251 ? 1 : PARTS.charCodeAt(byte) & 7) as Part;
      if (part) {
        if (part === 4) {
          module[out++] = 0;
        }
        for (let left = byte === 14 ? take(part) : 0; left >= 0; left--) {
          take(part);
        }
      }
    }
    // A number may be longer than it need be.
    const size = out - start - 2;
    module[start] = size | 128;
    module[start + 1] = size >> 7;
  }
  all(tail, variables);
  return module.slice(0, out);
}
