import { fetchWithToken } from "./token.js";

/**
 * What a program without a page does with the runtime: reads a note, keeps an eye on it, writes it. Resolves
 * with what came of it.
 */
export async function readAndWrite(runtime, site, note) {
  runtime.configure({ baseUrl: `${site}/api/mizan/`, fetch: fetchWithToken });
  const params = { note_id: note };
  const read = await runtime.mizanFetch("note", params);
  const watched = runtime.registerContext("note", params);
  const text = () => watched.getSnapshot().data?.note.text;
  await new Promise((resolve) => watched.subscribe(() => text() && resolve()));
  const texts = [read.note.text, text()];
  await runtime.mizanCall("write", { note_id: note, text: "after" }, { awaitRefetch: true });
  texts.push(text());
  watched.release();
  const header = runtime.formatInvalidateHeader([{ context: "note", params }]);
  return { texts, header, list: runtime.parseInvalidateHeader(header) };
}
