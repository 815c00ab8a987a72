// Node in front of Django: it draws the pages that Django only has a place for, and passes on all else.

import { request as ask, createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const drawn = join(root, "target", "react-app");

/** Builds the app for a server. */
export async function buildDrawing() {
  await build({
    root: join(root, "examples", "react-app", "frontend"),
    logLevel: "warn",
    build: { ssr: "src/server.tsx", outDir: drawn, emptyOutDir: true },
  });
  return import(pathToFileURL(join(drawn, "server.js")));
}

/** Resolves when it listens, in front of the Django at `django`. */
export async function startFront({ draw }, django) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, django);
    const page = request.method === "GET" && /^\/(projects\/\d+\/|people\/\d+\/)?$/.test(pathname);
    const done = page ? answer(draw, django, request, response) : pass(django, request, response);
    done.catch((error) => response.writeHead(502).end(String(error.stack)));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

async function answer(draw, django, { url, headers }, response) {
  const visitor = { headers: { cookie: headers.cookie ?? "" } };
  const [empty, { html, data }] = await Promise.all([
    fetch(new URL(url, django), visitor),
    draw(url, (path) => fetch(new URL(path, django), visitor)),
  ]);
  const page = (await empty.text()).replace(
    '<div id="root"></div>',
    () =>
      `<div id="root">${html}</div>\n` +
      `<script type="application/json" id="__MIZAN_SSR_DATA__">${escaped(data)}</script>`,
  );
  for (const name of ["content-type", "content-security-policy", "cache-control", "vary"]) {
    response.setHeader(name, empty.headers.get(name));
  }
  response.setHeader("set-cookie", empty.headers.getSetCookie());
  response.end(page);
}

/** As protocol rule S1 has it. */
function escaped(data) {
  const code = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, code);
}

/** With the browser's own Host, which Django compares with the origin. */
function pass(django, request, response) {
  return new Promise((resolve, reject) => {
    const { method, headers, url } = request;
    const passed = ask(new URL(url, django), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response).on("finish", resolve);
    });
    request.pipe(passed).on("error", reject);
  });
}
