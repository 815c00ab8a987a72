"use client";

import { NoteProvider, useNote, useWrite } from "./mizan";

/** One note, and a button that writes it. */
export function Note({ id }: { id: number }) {
  return (
    <NoteProvider note_id={id}>
      <Text id={id} />
    </NoteProvider>
  );
}

function Text({ id }: { id: number }) {
  const note = useNote();
  const write = useWrite();
  return (
    <>
      <p role="status">{note.error?.message ?? note.data?.text ?? "Loading…"}</p>
      <button
        type="button"
        disabled={write.isPending}
        onClick={() => write.call({ note_id: id, text: "after" })}
      >
        Write
      </button>
      {write.error && <p role="alert">{write.error.message}</p>}
    </>
  );
}
