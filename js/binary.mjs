// The binary format of WebAssembly (core specification, chapter 5), as far as what is here reads and writes it.

export const [GLOBAL, EXPORT, CODE] = [6, 7, 10];

/** The sections of a module: where each begins, where its content does, and where that ends. */
export function* sections(module) {
  for (let at = 8; at < module.length; ) {
    const [size, start] = unsigned(module, at + 1);
    const end = start + size;
    yield { id: module[at], at, start, end };
    at = end;
  }
}

/** The number that stands there in LEB128, and where it ends. The end of a signed one is the same. */
export function unsigned(bytes, at) {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * scale;
    if (byte < 128) {
      return [value, at];
    }
  }
}

/** A number in LEB128. */
export function leb(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(Math.floor(value / 128))];
}
