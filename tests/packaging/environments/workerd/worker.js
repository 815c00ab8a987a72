import * as runtime from "@mizan/runtime";
import { readAndWrite } from "./process.js";

export default {
  async fetch(request, { SITE }) {
    const note = Number(new URL(request.url).searchParams.get("note"));
    return Response.json(await readAndWrite(runtime, SITE, note));
  },
};
