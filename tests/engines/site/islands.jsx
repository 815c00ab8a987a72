// The islands of the tests' pages: a bundle of React, beside what the server renders.

import { mountIslands } from "@mizan/runtime/islands";
import { useEffect, useState } from "react";
import { NoteProvider, useNote, useWrite } from "./mizan";

function Card({ note_id, title = "", tags = [] }) {
  const [clicks, setClicks] = useState(0);
  useEffect(() => {
    console.info(`mounted ${note_id}`);
    return () => console.info(`unmounted ${note_id}`);
  }, [note_id]);
  return (
    <NoteProvider note_id={note_id}>
      <Text note_id={note_id} />
      <i>{`${title} ${tags.join("+")}`}</i>
      <button className="count" type="button" onClick={() => setClicks(clicks + 1)}>
        {clicks}
      </button>
    </NoteProvider>
  );
}

function Text({ note_id }) {
  const note = useNote();
  const write = useWrite();
  return (
    <>
      <b>{note.data?.text ?? "loading"}</b>
      <button
        className="write"
        type="button"
        onClick={() => write.call({ note_id, text: "react" })}
      >
        Write
      </button>
    </>
  );
}

mountIslands({ Card });
