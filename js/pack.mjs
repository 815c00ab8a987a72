// Bytes as a text for a JavaScript string: printable ASCII without `"` and `\`, so that no minifier,
// bundler or character set touches it. A byte below 91 is one character, any other one of two marks and one
// more. Brotli sees as much structure as in the bytes themselves, where hex loses 8 % and base64 almost 30
// (DESIGN.md).

const ALPHABET = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).filter(
  (char) => char !== '"' && char !== "\\",
);
const SINGLES = 91;

/**
 * The text that `unpack` in js/src/wasm.ts turns into these bytes. The indexes of local variables stand at
 * its end, from back to front: two kinds of numbers in turn are hard on brotli. What is an index is guessed
 * as there.
 */
export function pack(bytes) {
  const locals = [];
  let text = "";
  let local = false;
  let operands = 0;
  for (const byte of bytes) {
    const rest = byte - SINGLES;
    const letters =
      rest < 0
        ? ALPHABET[byte]
        : ALPHABET[SINGLES + Math.floor(rest / SINGLES)] + ALPHABET[rest % SINGLES];
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
