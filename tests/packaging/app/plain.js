// What a page without React does with the runtime.

const params = { note_id: Number(new URLSearchParams(location.search).get("note")) };

/** Shows a note in an element. */
export function show({ registerContext }, element) {
  const note = registerContext("note", params);
  const draw = () => {
    const { data, error } = note.getSnapshot();
    element.textContent = error?.message ?? data?.note.text ?? "";
  };
  note.subscribe(draw);
  // Another script of the page may have asked for it long ago.
  draw();
}

/** Writes it when a button is clicked. */
export function write({ mizanCall }, button) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    await mizanCall("write", { ...params, text: "after" }, { awaitRefetch: true });
    button.disabled = false;
  });
}
