import { fireEvent, render, screen } from "@testing-library/react";
import { Note } from "./note";

test("a note is written and shown", async () => {
  const note = Number(process.env.NOTE);
  render(<Note id={note} />);
  await screen.findByText("before");
  fireEvent.click(screen.getByText("Write"));
  await screen.findByText("after");
});
