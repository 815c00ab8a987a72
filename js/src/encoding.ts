// What jsdom, as Jest runs it, and React Native lack.

/** Gives the text of its UTF-8; bytes that are none are an error where the platform has no decoder. */
export const decoder = /* @__PURE__ */ new (
  globalThis.TextDecoder ??
  class {
    decode = (bytes: Uint8Array) =>
      decodeURIComponent(
        escape(bytes.reduce((text, byte) => text + String.fromCharCode(byte), "")),
      );
  }
)();

/** A text's UTF-8. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(unescape(encodeURIComponent(text)), (letter) => letter.charCodeAt(0));
}
