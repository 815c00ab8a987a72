import { configure, mizanFetch } from "@mizan/runtime";
import type { NoteData } from "../mizan";
import { Note } from "../note";

configure({ baseUrl: `${process.env.SITE}/api/mizan/` });

/** A component of the server, with one of the client in it. */
export default async function Page({ searchParams }: { searchParams: Promise<{ note: string }> }) {
  const id = Number((await searchParams).note);
  const params = { note_id: id };
  const data = await mizanFetch<NoteData>("note", params);
  const payload = JSON.stringify({ contexts: [{ context: "note", params, data }] });
  return (
    <>
      <h1>{data.note.text}</h1>
      <script
        type="application/json"
        id="__MIZAN_SSR_DATA__"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: it is escaped, as the protocol asks
        dangerouslySetInnerHTML={{ __html: payload.replaceAll("<", "\\u003c") }}
      />
      <Note id={id} />
    </>
  );
}
