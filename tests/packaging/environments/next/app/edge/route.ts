import { configure } from "@mizan/runtime";
import { getNote, noteKey } from "../../mizan";

export const runtime = "edge";

configure({ baseUrl: `${process.env.SITE}/api/mizan/` });

/** What a function at the edge reads of a note, and its key. */
export async function GET(request: Request): Promise<Response> {
  const params = { note_id: Number(new URL(request.url).searchParams.get("note")) };
  return Response.json([noteKey(params), await getNote(params)]);
}
