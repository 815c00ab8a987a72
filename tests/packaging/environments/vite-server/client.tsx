import { hydrateRoot } from "react-dom/client";
import { Note } from "./note";

const root = document.getElementById("root") as HTMLElement;
const id = Number(new URLSearchParams(location.search).get("note"));

hydrateRoot(root, <Note id={id} />);
