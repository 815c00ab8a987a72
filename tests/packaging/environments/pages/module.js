import * as mizan from "/dist/index.js";
import { show, write } from "/plain.js";

show(mizan, document.querySelector("[role=status]"));
write(mizan, document.querySelector("button"));
