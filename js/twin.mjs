// What wasm2js has written, as the body of a function that gives the exports. What stands around the functions is
// written anew: in the tool's own words, that takes a page 400 bytes more.

/** What it writes of a module, in order, each with what is needed of it. */
const SHAPE =
  /^(?<data>.*)\nfunction wasm2js_trap.*? new ArrayBuffer\((?<memory>\d+)\);.*?\n(?<globals> var global\$0.*?)(?<code>\n function .*)\n bufferView = HEAPU8;\n initActiveSegments\(imports\);(?<table>.*?)\n function __wasm_memory_size.*\n return \{\n {2}"memory".*?\n {2}\}\), (?<exports>.*?\n \};)\n\}\n\nvar retasmFunc =/s;

const SEGMENT = /\(bufferView, (\d+), "([^"]*)"\)/g;

/** @throws Error where wasm2js has written in another way than it used to. */
export function lean(text) {
  const { data, memory, globals, code, table, exports } = SHAPE.exec(text)?.groups ?? {};
  if (!exports) {
    throw new Error("wasm2js has written a twin in another way than it used to");
  }
  // Variables that hold integers need not be made integers again, where they are passed or compared.
  const functions = code.replace(/([(,] ?)(\$\w+) \| 0(?=[,)])/g, "$1$2");
  const used = (name) => functions.includes(name);
  const views = ["Int8", "Int16", "Int32", "Uint8", "Uint16", "Uint32", "Float32", "Float64"]
    .map((type) => [
      type.replace(/^(I|U|F)(?:int|nt|loat)/, (_, kind) => `HEAP${kind === "I" ? "" : kind}`),
      type,
    ])
    .filter(([name]) => name === "HEAPU8" || used(`${name}[`));
  const maths = [...new Set(functions.match(/\bMath_\w+/g))];
  const [at, bytes] = merged(data);
  return `function instance() {
    var buffer, ${views.map(([name]) => name)};
    ${maths.map((name) => `var ${name} = ${name.replace("_", ".")};`).join("\n")}
    ${globals}
    function wasm2js_trap() { throw new Error("abort"); }
    function look(memory) {
      buffer = memory;
      ${views.map(([name, type]) => `${name} = new ${type}Array(memory);`).join("\n")}
    }
    function __wasm_memory_size() { return buffer.byteLength >> 16; }
    function __wasm_memory_grow(pages) {
      var before = HEAPU8;
      look(new ArrayBuffer(before.length + (pages << 16)));
      HEAPU8.set(before);
      return before.length >> 16;
    }
    ${functions}
    ${table}
    look(new ArrayBuffer(${memory}));
    for (var at = 0, data = ${JSON.stringify(bytes)}; at < ${bytes.length}; at++) {
      HEAPU8[at + ${at}] = data.charCodeAt(at);
    }
    return { memory: { get buffer() { return buffer; } }, ${exports}
  }
  return instance();`;
}

/** Where the memory begins that is not zero at first, and its bytes as letters. */
function merged(data) {
  const segments = [...data.matchAll(SEGMENT)].map(([, at, text]) => [Number(at), atob(text)]);
  const start = segments[0][0];
  const bytes = segments.reduce((all, [at, text]) => all.padEnd(at - start, "\0") + text, "");
  return [start, bytes];
}
