// Bytes as a text for a JavaScript string: printable ASCII without `"` and `\`, so that no minifier,
// bundler or character set touches it. A byte below 91 is one character; any other is `}` or `~` and one
// more. Brotli sees almost as much structure as in the bytes themselves: 3.5 % are lost, where hex
// loses 8.7 and base64 more than 30 (DESIGN.md).

const ALPHABET = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).filter(
  (char) => char !== '"' && char !== "\\",
);
const SINGLES = 91;

/** The text that `unpack` in js/src/machine.ts turns into these bytes. */
export function pack(bytes) {
  let text = "";
  for (const byte of bytes) {
    const rest = byte - SINGLES;
    text +=
      rest < 0
        ? ALPHABET[byte]
        : ALPHABET[SINGLES + Math.floor(rest / SINGLES)] + ALPHABET[rest % SINGLES];
  }
  return text;
}
