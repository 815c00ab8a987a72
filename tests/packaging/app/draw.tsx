import { renderToString } from "react-dom/server";
import { Note } from "./note";

console.log(renderToString(<Note id={1} />));
