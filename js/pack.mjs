// Bytes as a text for a JavaScript string: printable ASCII without `"` and `\`, so that no minifier,
// bundler or character set touches it. A byte below 91 is one character, any other one of two marks and one
// more. Brotli sees almost as much structure as in the bytes themselves: 2 to 4 % are lost, where hex
// loses 8 and base64 almost 30 (DESIGN.md).

import { brotliCompressSync } from "node:zlib";

const ALPHABET = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).filter(
  (char) => char !== '"' && char !== "\\",
);
const SINGLES = 91;

/**
 * The text that `unpack` in js/src/wasm.ts turns into these bytes. Its first character says by how much
 * the alphabet is turned: which letters stand for which bytes makes a percent to brotli.
 */
export function pack(bytes) {
  const texts = ALPHABET.map((_, turn) => turned(bytes, turn));
  const sizes = texts.map((text) => brotliCompressSync(text).length);
  return texts[sizes.indexOf(Math.min(...sizes))];
}

function turned(bytes, turn) {
  const letter = (index) => ALPHABET[(index + turn) % ALPHABET.length];
  const locals = [];
  let text = letter(0);
  let local = false;
  let operands = 0;
  for (const byte of bytes) {
    const rest = byte - SINGLES;
    const letters =
      rest < 0
        ? letter(byte)
        : letter(SINGLES + Math.floor(rest / SINGLES)) + letter(rest % SINGLES);
    if (!operands) {
      text += letters;
      local = byte > 31 && byte < 37;
      operands = byte > 39 && byte < 63 ? 2 : byte < 67 ? (77855 >> byte) & 1 : 0;
      continue;
    }
    if (local) {
      locals.push(...letters);
    } else {
      text += letters;
    }
    if (byte < 128) {
      operands--;
    }
  }
  return text + locals.reverse().join("");
}
