const runtime = require("@mizan/runtime");

const [site, note] = process.argv.slice(2);
import("./process.js")
  .then(({ readAndWrite }) => readAndWrite(runtime, site, Number(note)))
  .then((outcome) => console.log(JSON.stringify(outcome)));
