// Schema documents: where they come from, and when there is a new one.
import { readFile, stat } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Source } from "./generator.js";
import type { WatchOptions } from "./index.js";

/** How long a server may take, in milliseconds: nobody should wait for one that hangs. */
const PATIENCE = 10_000;

/** The document cannot be had now; that may pass. */
export class Unreachable extends Error {}

/** There is a server, and it has something against it. */
class Refused extends Error {}

/** What errors call the document. */
export function nameOf(source: Source): string {
  if (source === "stdin") return "<stdin>";
  return "url" in source ? source.url : source.file;
}

export async function read(source: Source): Promise<Uint8Array> {
  try {
    if (source === "stdin") return await readStandardInput();
    if ("file" in source) return await readFile(source.file);
    return (await fetchDocument(source.url)) as Uint8Array;
  } catch (error) {
    throw unread(source, error as Error);
  }
}

/** The document now, and each time that it has changed. Of an error that lasts, the first word. */
export async function* follow(
  source: Source,
  { signal, interval }: WatchOptions,
): AsyncGenerator<{ bytes: Uint8Array } | { error: Error }, void, undefined> {
  const isUrl = typeof source === "object" && "url" in source;
  const next = isUrl ? overHttp(source) : onDisk(source);
  const pause = interval ?? (isUrl ? 1000 : 200);
  let last: Uint8Array | undefined;
  let failure: string | undefined;
  while (!signal?.aborted) {
    try {
      const bytes = (await next(signal)) ?? last;
      const isNew = bytes && !(last && Buffer.compare(last, bytes) === 0);
      const isBack = failure !== undefined;
      last = bytes;
      failure = undefined;
      if (bytes && (isNew || isBack)) yield { bytes };
    } catch (caught) {
      const error = unread(source, caught as Error);
      if (error.message !== failure && !signal?.aborted) yield { error };
      failure = error.message;
    }
    // Not an event of the file system: there are none from a container's or a network's folder.
    await wait(pause, undefined, signal && { signal }).catch(() => {});
  }
}

type Next = (signal: AbortSignal | undefined) => Promise<Uint8Array | undefined>;

/** Asks for it unless the server says that it is the same. */
function overHttp({ url }: { url: string }): Next {
  let etag: string | null = null;
  return (signal) =>
    fetchDocument(url, etag, signal, (tag) => {
      etag = tag;
    });
}

/** Reads it when nobody seems to be writing it any more. */
function onDisk(source: Source): Next {
  const path = nameOf(source);
  let seen = "";
  let taken = "";
  return async () => {
    const { mtimeMs, size, ino } = await stat(path);
    const state = `${mtimeMs} ${size} ${ino}`;
    const isSettled = state === seen || seen === "";
    seen = state;
    if (!isSettled || state === taken) return undefined;
    taken = state;
    return readFile(path);
  };
}

async function fetchDocument(
  url: string,
  etag: string | null = null,
  signal?: AbortSignal,
  keep?: (etag: string | null) => void,
): Promise<Uint8Array | undefined> {
  const patience = AbortSignal.timeout(PATIENCE);
  const response = await fetch(url, {
    headers: { accept: "application/json", ...(etag && { "if-none-match": etag }) },
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
  });
  if (response.status === 304 && etag) return undefined;
  if (!response.ok) throw new Refused(`cannot read ${url}: the server answers ${response.status}`);
  keep?.(response.headers.get("etag"));
  return new Uint8Array(await response.arrayBuffer());
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function unread(source: Source, error: Error): Error {
  if (error instanceof Refused) return error;
  // What fetch says of a server that is not there stands in its cause.
  const cause = error.cause instanceof Error ? error.cause : error;
  // Node tries each address of a name, and says nothing of them all.
  const message = cause.message || (cause as NodeJS.ErrnoException).code;
  return new Unreachable(`cannot read ${nameOf(source)}: ${message}`, { cause: error });
}
