// A wasm module as a text for a JavaScript string: printable ASCII without `"` and `\\`, so that no minifier,
// bundler or character set touches it. A byte below 90 is one character, any other one of two marks and one
// more. Brotli sees as much structure as in the bytes themselves, where hex loses 8 % and base64 almost 30
// (DESIGN.md).
//
// Instructions and what they are about (locals, constants, offsets in memory, depths of branches) stand
// apart: numbers of several kinds in turn are hard on brotli. What follows from the rest is left out: the
// sizes of functions, and alignments, which are hints and all 1 here. Sizes have two bytes each when they are
// back, also those that could do with one.

import { CODE, leb, sections, unsigned } from "./binary.mjs";

const SINGLES = 90;
const MARKS = " !";
const SEPARATOR = "~";
/** From `#` to `}`, without the backslash. */
const LETTERS = Array.from({ length: SINGLES + 1 }, (_, at) => String.fromCharCode(35 + at)).filter(
  (letter) => letter !== "\\",
);

/** The text that `unpack` in js/src/inline.ts turns into the bytes of this module. */
export function pack(module) {
  const { at: section, start, end } = [...sections(module)].find(({ id }) => id === CODE);
  let at = start;
  const number = (bytes = []) => {
    const [value, next] = unsigned(module, at);
    bytes.push(...module.subarray(at, next));
    at = next;
    return value;
  };
  const functions = number();
  const count = module.subarray(start, at);
  let length = count.length;
  const tail = [...module.subarray(end)];
  const [code, variables, locals, constants, offsets, depths] = [[], [], [], [], [], []];
  for (let left = functions; left; left--) {
    const size = number();
    if (size >= 2 ** 14) {
      throw new Error(`a function at ${at} of ${size} bytes`);
    }
    length += 2 + size;
    const end = size + at;
    for (let groups = number(variables); groups; groups--) {
      number(variables);
      number(variables);
    }
    while (at < end) {
      const start = at;
      const byte = module[at++];
      code.push(byte);
      if (byte > 31 && byte < 35) {
        number(locals);
      } else if (byte > 39 && byte < 63) {
        if (number() !== 0) {
          throw new Error(`an alignment at ${start} that is not 1`);
        }
        number(offsets);
      } else if (byte === 65 || byte === 66) {
        number(constants);
      } else if (byte === 12 || byte === 13) {
        number(depths);
      } else if (byte === 14) {
        for (let left = number(depths); left >= 0; left--) {
          number(depths);
        }
      } else if (byte === 67 || byte === 68 || (byte > 5 && byte < 11) || byte === 253) {
        throw new Error(`the instruction ${byte} at ${start} is not foreseen`);
      } else if ([2, 3, 4, 16, 17, 35, 36, 252].includes(byte)) {
        // Whatever else may follow is 0, and goes as an instruction without operands.
        number(code);
      }
    }
  }
  const head = [...module.subarray(0, section + 1), ...leb(length), ...count];
  return [head, code, depths, locals, offsets, constants, tail, variables]
    .map((bytes) => bytes.map(letters).join(""))
    .join(SEPARATOR);
}

function letters(byte) {
  const mark = Math.floor(byte / SINGLES);
  return (mark ? MARKS[mark - 1] : "") + LETTERS[byte % SINGLES];
}
