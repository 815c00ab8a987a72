import { show } from "./plain.js";

show(window.Mizan, document.getElementById("third"));
