// An app's own tests, without a server: what it asks is answered by them.
import { MizanError } from "@mizan/runtime/react";
import { createTestServer, problem } from "@mizan/runtime/testing";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { NoteProvider, useNote, useWrite } from "./mizan";
import type { NoteData, NoteParams } from "./mizan/note";
import type { Text, WriteArgs } from "./mizan/types";
import { Note } from "./note";
import { timers } from "./timers";

interface Schema {
  contexts: { note: { params: NoteParams; data: NoteData } };
  mutations: { write: { args: WriteArgs; result: Text } };
}

const server = createTestServer<Schema>();

afterEach(() => {
  timers.useRealTimers();
  server.reset();
});

test("a note is written and shown, and no other is fetched again", async () => {
  let text = "before";
  server.context("note", { note_id: 2 }, { note: { text: "other" } });
  server.context("note", { note_id: 1 }, { note: { text } });
  server.mutation("write", (args, { invalidate }) => {
    text = args.text;
    server.context("note", { note_id: 1 }, { note: { text } });
    invalidate("note", { note_id: args.note_id });
    return { text };
  });
  render(
    <>
      <Note id={1} />
      <Note id={2} />
    </>,
  );
  await screen.findByText("before");
  await screen.findByText("other");
  fireEvent.click(screen.getAllByText("Write")[0]);
  await screen.findByText("after");
  expect(server.requests).toEqual([
    { context: "note", params: { note_id: 1 } },
    { context: "note", params: { note_id: 2 } },
    { mutation: "write", args: { note_id: 1, text: "after" } },
    { context: "note", params: { note_id: 1 } },
  ]);
});

test("nothing is left of the test before", async () => {
  expect(server.requests).toEqual([]);
  server.context("note", { note_id: 1 }, { note: { text: "fresh" } });
  render(<Note id={1} />);
  expect(screen.getByRole("status").textContent).toBe("Loading…");
  await screen.findByText("fresh");
  expect(server.requests.length).toBe(1);
});

test("a refusal is shown at its field", async () => {
  function Form() {
    const write = useWrite();
    return (
      <button type="button" onClick={() => write.call({ note_id: 1, text: "" })}>
        {write.error instanceof MizanError ? write.error.fields.text : "Write"}
      </button>
    );
  }
  server.mutation("write", () => problem(422, { fields: { text: "is too short" } }));
  render(<Form />);
  fireEvent.click(screen.getByText("Write"));
  await screen.findByText("is too short");
});

test("a note is fetched again as often as it is to be, by the test's time", async () => {
  timers.useFakeTimers();
  let count = 0;
  server.context("note", () => ({ note: { text: `${++count}` } }), { delay: 100 });
  const Text = () => <p>{useNote().data?.text ?? "…"}</p>;
  const { container } = render(
    <NoteProvider note_id={1} refetchInterval={30_000}>
      <Text />
    </NoteProvider>,
  );
  const advance = (duration: number) => act(() => timers.advanceTimersByTimeAsync(duration));
  const shown: (string | null)[] = [];
  for (const duration of [99, 1, 30_000, 99, 1]) {
    await advance(duration);
    shown.push(container.textContent);
  }
  expect(shown).toEqual(["…", "1", "1", "1", "2"]);
});

test("what has no answer is on the page, and fails its test", async () => {
  render(<Note id={7} />);
  const why =
    'No answer for the context note?note_id=7: say server.context("note", { note_id: 7 }, …)';
  await screen.findByText(why);
  expect(() => server.reset()).toThrow(why);
});
