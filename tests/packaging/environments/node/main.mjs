import * as runtime from "@mizan/runtime";
import { readAndWrite } from "./process.js";

const [site, note] = process.argv.slice(2);
console.log(JSON.stringify(await readAndWrite(runtime, site, Number(note))));
