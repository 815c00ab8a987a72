import type { InitOutput } from "mizan-wasm";
import packed from "mizan-wasm/packed";

// What can be told to the machine: the letters of `tell` in src/lib.rs.
export const SUBSCRIBE = "a";
export const UNSUBSCRIBE = "b";
export const READ = "c";
export const UNREAD = "d";
export const REFETCH = "e";
export const FETCHED = "f";
export const HYDRATED = "g";
export const CALL = "h";
export const CALL_ANSWERED = "i";
export const CALL_LOST = "j";
export const SEEN = "k";
export const COOKIE = "l";
export const TAB_INVALIDATED = "m";
export const TAB_IDENTITY = "n";
export const INVALIDATE = "o";
export const SCHEMA = "p";
export const REVALIDATE = "q";
export const RESTORED = "r";
export const TICK = "s";

let instance: InitOutput | undefined;

/** Something to do: what, of which entry or call, a detail, a text (src/outputs.rs). */
export type Output = [kind: number, number: number, detail: number, text: string];

/** Tells the machine what happened. Gives back what to do. */
export function machineTell(
  input: string,
  number: number,
  texts: (string | null | undefined)[],
  fetch: number,
  status: number,
): Output[] {
  write(texts.map((text) => text ?? "").join("\n"));
  const at = wasm().tell(Date.now(), input.charCodeAt(0), number, fetch, status);
  const [count] = new Uint32Array(buffer(), at, 1) as unknown as [number];
  const words = new Uint32Array(buffer(), at + 4, count);
  const outputs: Output[] = [];
  for (let next = 0; next < count; next += 4) {
    const [kind, number, detail, length] = words.subarray(next) as unknown as number[];
    // Read at once: the text is there only until the machine is told the next thing.
    const text = length ? readText(detail as number, length) : "";
    outputs.push([kind as number, number as number, detail as number, text]);
  }
  return outputs;
}

/** The handle of the context that a spec says; -1 where it is none. */
export function machineOpen(spec: string): number {
  write(spec);
  return wasm().open(Date.now());
}

/** The machine's answer in text to one of the questions of `ask` in src/lib.rs. */
export function ask(
  question: "k" | "p" | "f",
  text: string,
  Failure: new (message: string) => Error,
): string {
  write(text);
  const [, ok, at, length] = new Uint32Array(buffer(), wasm().ask(question.charCodeAt(0)), 4);
  const answer = readText(at as number, length as number);
  if (!ok) {
    throw new Failure(answer);
  }
  return answer;
}

function readText(at: number, length: number): string {
  return new TextDecoder().decode(new Uint8Array(buffer(), at, length));
}

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  const at = wasm().input(bytes.length);
  // Only now: making room may have moved the memory.
  new Uint8Array(buffer(), at).set(bytes);
}

function buffer(): ArrayBuffer {
  return wasm().memory.buffer;
}

/**
 * The machine, instantiated when it is first needed, and then at once: a page need not wait for
 * anything before it uses the runtime. Its exports take and give numbers only, so that nothing of
 * wasm-bindgen's glue is needed but the types.
 *
 * @throws Error that says what to do where a Content-Security-Policy forbids WebAssembly.
 */
function wasm(): InitOutput {
  if (!instance) {
    try {
      const module = new WebAssembly.Module(unpack(packed));
      instance = new WebAssembly.Instance(module).exports as unknown as InitOutput;
    } catch (cause) {
      const remedy = "allow 'wasm-unsafe-eval' in the script-src of your Content-Security-Policy";
      throw new Error(`Mizan cannot start: WebAssembly is blocked here; ${remedy}`, { cause });
    }
  }
  return instance;
}

/** The bytes that js/pack.mjs made a text of. */
function unpack(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let at = 0;
  const next = () => {
    const code = text.charCodeAt(at++);
    return code - 32 - Number(code > 34) - Number(code > 92);
  };
  while (at < text.length) {
    const first = next();
    bytes[length++] = first < 91 ? first : (first - 90) * 91 + next();
  }
  return bytes.slice(0, length);
}
