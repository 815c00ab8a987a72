// UTF-8 for a page that has none, which is jsdom in Jest (jsdom issue 2524). Jest loads CommonJS, and the
// build puts these in the place of the globals there; what browsers download does without.

const LONE_SURROGATE = /\p{Surrogate}/gu;

export const TextEncoder =
  globalThis.TextEncoder ??
  class {
    encode(text: string): Uint8Array {
      const parts = encodeURIComponent(text.replace(LONE_SURROGATE, "\ufffd")).match(/%..|./g);
      return Uint8Array.from(parts ?? [], (part) =>
        part.length > 1 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0),
      );
    }
  };

export const TextDecoder =
  globalThis.TextDecoder ??
  class {
    decode(bytes: Uint8Array): string {
      const parts = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`);
      return decodeURIComponent(parts.join(""));
    }
  };
