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

/** The module that js/pack.mjs made a text of. Its parts are read from back to front. */
export function unpack(text: string): Uint8Array<ArrayBuffer> {
  const parts = text.split("~").map((part) => {
    const bytes: number[] = [];
    let high = 0;
    for (const letter of part) {
      const low = letter.charCodeAt(0) - 35 - Number(letter > "[");
      if (low < 0) {
        high = (low + 4) * 90;
      } else {
        bytes.push(high + low);
        high = 0;
      }
    }
    return bytes.reverse();
  });
  const module: number[] = [];
  let body = module;
  const take = (part: number) => {
    let byte: number;
    do {
      byte = (parts[part] as number[]).pop() as number;
      body.push(byte);
    } while (byte > 127);
    return byte;
  };
  const all = (part: number) => {
    while ((parts[part] as number[]).length) {
      take(part);
    }
  };
  all(7);
  while ((parts[6] as number[]).length) {
    body = [];
    for (let left = take(6) * 2; left; left--) {
      take(6);
    }
    for (let depth = 1; depth; ) {
      const byte = (parts[1] as number[]).pop() as number;
      body.push(byte);
      depth += byte > 1 && byte < 5 ? 1 : byte === 11 ? -1 : 0;
      const part = byte > 251 ? 1 : PARTS.charCodeAt(byte) & 7;
      if (part === 4) {
        body.push(0);
      }
      for (let left = byte === 14 ? take(part) : part ? 0 : -1; left >= 0; left--) {
        take(part);
      }
    }
    let { length } = body;
    for (; length > 127; length >>= 7) {
      module.push((length & 127) | 128);
    }
    module.push(length, ...body);
  }
  body = module;
  all(0);
  return new Uint8Array(module);
}
