// What jsdom, as Jest runs it, and React Native lack.

/** UTF-8 of a text; a lone surrogate is an error where the platform has no encoder. */
export const TextEncoder =
  globalThis.TextEncoder ??
  class {
    encode(text: string): Uint8Array {
      return Uint8Array.from(unescape(encodeURIComponent(text)), (byte) => byte.charCodeAt(0));
    }
  };

/** A text of its UTF-8; bytes that are none are an error where the platform has no decoder. */
export const TextDecoder =
  globalThis.TextDecoder ??
  class {
    decode(bytes: Uint8Array): string {
      const letters = bytes.reduce((text, byte) => text + String.fromCharCode(byte), "");
      return decodeURIComponent(escape(letters));
    }
  };
