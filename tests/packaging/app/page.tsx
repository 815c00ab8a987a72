import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Note } from "./note";

const root = document.getElementById("root") as HTMLElement;
const id = Number(new URLSearchParams(location.search).get("note"));

createRoot(root).render(
  <StrictMode>
    <Note id={id} />
  </StrictMode>,
);
