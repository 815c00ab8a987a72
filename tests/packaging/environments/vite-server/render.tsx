import { configure, mizanFetch } from "@mizan/runtime";
import { MizanServer } from "@mizan/runtime/react";
import { renderToString } from "react-dom/server";
import type { NoteData } from "./mizan";
import { Note } from "./note";

configure({ baseUrl: `${process.env.SITE}/api/mizan/` });

/** What a page on that note is made of. */
export async function render(id: number): Promise<Record<string, string>> {
  const params = { note_id: id };
  const data = await mizanFetch<NoteData>("note", params);
  const payload = { contexts: [{ context: "note", params, data }] };
  return {
    title: data.note.text,
    html: renderToString(
      <MizanServer data={payload}>
        <Note id={id} />
      </MizanServer>,
    ),
    data: JSON.stringify(payload),
  };
}
