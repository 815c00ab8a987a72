import { configure } from "@mizan/runtime";
import { fetchWithToken } from "./token.js";

// In happy-dom `fetch` is the page's own, with cookies. Elsewhere it is that of Node.
if (!("happyDOM" in globalThis)) {
  configure({ baseUrl: `${process.env.SITE}/api/mizan/`, fetch: fetchWithToken });
}
