import { blocked, MizanError } from "./error.js";

/** The custom section that js/build.mjs has put into the files that belong to this one. */
declare const MIZAN_SECTION: string;

/**
 * The file of a module: 0 is `machine.wasm`, 1 is `writer.wasm`.
 *
 * @internal
 */
export type Source = number;

/** One of the package's two .wasm files: an answer that has it, its bytes, or the module they are. */
export type WasmFile = Response | BufferSource | WebAssembly.Module;

const FILES = ["machine.wasm", "writer.wasm"];

const modules: WebAssembly.Module[] = [];

/**
 * Takes `machine.wasm`, without which nothing works, and `writer.wasm`, if `formatInvalidateHeader` is
 * used. What is given as bytes or module can be used at once, without waiting for the promise.
 *
 * @throws MizanError of the type `wasm` for what is not the file of this version of the package, and where
 * WebAssembly is blocked.
 */
export async function ready(...files: (WasmFile | Promise<WasmFile>)[]): Promise<void> {
  await Promise.all(files.map(take));
}

async function take(given: WasmFile | Promise<WasmFile>): Promise<void> {
  const file = given instanceof Promise ? await given : given;
  let source = file as BufferSource | WebAssembly.Module;
  if (isAnswer(file)) {
    if (!file.ok) {
      throw refusal(`${file.url} was answered with ${file.status}`);
    }
    source = await file.arrayBuffer();
  }
  const module = compile(source);
  const [section] = WebAssembly.Module.customSections(module, MIZAN_SECTION);
  if (!section) {
    throw refusal("the file is not of the same version of the package");
  }
  modules[new Uint8Array(section)[0] as number] = module;
}

/** Also one of another window, whose class is another one. */
function isAnswer(file: WasmFile): file is Response {
  return "arrayBuffer" in Object(file);
}

function compile(source: BufferSource | WebAssembly.Module): WebAssembly.Module {
  try {
    return source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  } catch (cause) {
    if (cause instanceof TypeError) {
      throw refusal("ready() takes what fetch() gives, bytes, or a module", cause);
    }
    // Looking at it is allowed where compiling it is not.
    const wasm = typeof WebAssembly === "undefined" || WebAssembly.validate(source as BufferSource);
    throw wasm ? blocked(cause) : refusal("the file is no WebAssembly", cause);
  }
}

/**
 * What inline.ts is in the other entries, for a page that fetches the modules by itself.
 *
 * @internal
 */
export function instantiate(file: Source): WebAssembly.Exports {
  const module = modules[file];
  if (!module) {
    throw refusal(`call ready() with ${FILES[file]} before anything else`);
  }
  try {
    return new WebAssembly.Instance(module).exports;
  } catch (cause) {
    throw blocked(cause);
  }
}

function refusal(detail: string, cause?: unknown): MizanError {
  return new MizanError(0, { type: "wasm", title: "No WebAssembly", detail }, cause);
}
