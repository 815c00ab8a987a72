import * as runtime from "@mizan/runtime";
import { renderToString } from "react-dom/server";
import { Note } from "./note";
import { readAndWrite } from "./process.js";

test("a note is drawn", () => {
  expect(renderToString(<Note id={1} />)).toContain("Loading…");
});

test("a note is read, written and read again", async () => {
  const outcome = await readAndWrite(runtime, process.env.SITE, Number(process.env.NOTE));
  expect(outcome.texts).toEqual(["before", "before", "after"]);
});
