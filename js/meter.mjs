// Counts what WebAssembly does, without a clock: each module that is instantiated after `meter()` carries
// a counter of the instructions that it has executed, and calls of its exports are counted. The same
// inputs give the same counts on every machine.

import { CODE, EXPORT, GLOBAL, leb, sections, unsigned } from "./binary.mjs";

const COUNTER = "instructions";
/** After one of these another instruction may follow from elsewhere: loop, if, else, end, br_if. */
const BORDERS = [3, 4, 5, 11, 13];

/** Begins to count. What it gives back says `{calls, instructions}` since it was asked last. */
export function meter() {
  const counters = [];
  let calls = 0;
  let told = 0n;
  const { Module, Instance } = WebAssembly;
  WebAssembly.Module = class extends Module {
    constructor(bytes) {
      super(metered(new Uint8Array(bytes)));
    }
  };
  WebAssembly.Instance = class {
    constructor(module, imports) {
      const { [COUNTER]: counter, ...exports } = new Instance(module, imports).exports;
      counters.push(counter);
      const counted = Object.entries(exports).map(([name, value]) => [
        name,
        typeof value !== "function"
          ? value
          : (...args) => {
              calls++;
              return value(...args);
            },
      ]);
      this.exports = Object.fromEntries(counted);
    }
  };
  return () => {
    const sum = counters.reduce((sum, { value }) => sum + value, 0n);
    const count = { calls, instructions: Number(sum - told) };
    calls = 0;
    told = sum;
    return count;
  };
}

/** The module with a counter, which it exports. */
export function metered(module) {
  const out = [...module.subarray(0, 8)];
  let counter = 0;
  let counted = false;
  for (const { id, start, end } of sections(module)) {
    const section = module.subarray(start, end);
    // Where there is no global yet, their section comes before that of the exports.
    if (id >= EXPORT && !counted) {
      out.push(...sectionOf(GLOBAL, [1, ...ZERO]));
      counted = true;
    }
    if (id === GLOBAL) {
      const [count, rest] = unsigned(section, 0);
      counter = count;
      counted = true;
      out.push(...sectionOf(id, [...leb(count + 1), ...section.subarray(rest), ...ZERO]));
    } else if (id === EXPORT) {
      const [count, rest] = unsigned(section, 0);
      const name = [...new TextEncoder().encode(COUNTER)];
      const entry = [name.length, ...name, 3, ...leb(counter)];
      out.push(...sectionOf(id, [...leb(count + 1), ...section.subarray(rest), ...entry]));
    } else if (id === CODE) {
      out.push(...sectionOf(id, functions(section, counter)));
    } else {
      out.push(...sectionOf(id, section));
    }
  }
  return new Uint8Array(out);
}

/** A global: a number of 64 bits that changes, 0 at first. */
const ZERO = [0x7e, 1, 0x42, 0, 11];

function functions(code, counter) {
  let [count, at] = unsigned(code, 0);
  const out = leb(count);
  for (; count; count--) {
    const [size, start] = unsigned(code, at);
    at = start + size;
    const body = counting(code.subarray(start, at), counter);
    out.push(...leb(body.length), ...body);
  }
  return out;
}

/** A function that adds up the instructions of each run without a border when it comes to it. */
function counting(body, counter) {
  let [groups, at] = unsigned(body, 0);
  for (; groups; groups--) {
    at = unsigned(body, at)[1] + 1;
  }
  const out = [...body.subarray(0, at)];
  while (at < body.length) {
    const start = at;
    let length = 0;
    let border = false;
    while (at < body.length && !border) {
      border = BORDERS.includes(body[at]);
      at = next(body, at);
      length++;
    }
    // get, add, set
    out.push(0x23, ...leb(counter), 0x42, ...signed(length), 0x7c, 0x24, ...leb(counter));
    out.push(...body.subarray(start, at));
  }
  return out;
}

/** Where the next instruction begins (WebAssembly 2.0, section 5.4, without vectors). */
function next(body, at) {
  const skip = (at) => unsigned(body, at)[1];
  const code = body[at++];
  if (code === 14) {
    let [labels, rest] = unsigned(body, at);
    for (; labels >= 0; labels--) {
      rest = skip(rest);
    }
    return rest;
  }
  if (code === 17 || (code > 39 && code < 63)) {
    return skip(skip(at));
  }
  if ([2, 3, 4, 12, 13, 16, 63, 64, 65, 66].includes(code) || (code > 31 && code < 39)) {
    return skip(at);
  }
  if (code === 67 || code === 68) {
    return at + (code === 67 ? 4 : 8);
  }
  if (code === 252) {
    const [kind, rest] = unsigned(body, at);
    return rest + [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1][kind];
  }
  if (code === 28 || code > 196) {
    throw new Error(`the instruction ${code} is not foreseen`);
  }
  return at;
}

function sectionOf(id, bytes) {
  return [id, ...leb(bytes.length), ...bytes];
}

/** A positive number where a signed one is expected: its highest bit must not be set. */
function signed(value) {
  return value < 64 ? [value] : [(value & 127) | 128, ...signed(Math.floor(value / 128))];
}
