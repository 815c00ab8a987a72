import { configure } from "@mizan/runtime";
import { MizanServer } from "@mizan/runtime/react";
import { getNote } from "../mizan";
import { Note } from "../note";

configure({ baseUrl: `${process.env.SITE}/api/mizan/` });

/** A component of the server, with one of the client in it. */
export default async function Page({ searchParams }: { searchParams: Promise<{ note: string }> }) {
  const id = Number((await searchParams).note);
  const params = { note_id: id };
  const data = await getNote(params);
  return (
    <>
      <h1>{data.note.text}</h1>
      <MizanServer data={{ contexts: [{ context: "note", params, data }] }}>
        <Note id={id} />
      </MizanServer>
    </>
  );
}
