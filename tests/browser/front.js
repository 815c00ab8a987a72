// Node in front of Django: it draws the pages that Django only has a place for, and passes on all else.

import { execFileSync } from "node:child_process";
import { request as ask, createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createServer } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const target = join(root, "target");
export const frontend = join(root, "examples", "react-app", "frontend");

/** The app as it is built for a server: `draw`. Built by another process, because that is in production from then on. */
export function buildApp() {
  const outDir = join(target, "react-app");
  const vite = join(root, "node_modules", ".bin", "vite");
  const options = ["--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"];
  execFileSync(vite, ["build", frontend, "--ssr", "src/server.tsx", ...options]);
  return import(pathToFileURL(join(outDir, "server.js")));
}

/** The app as one develops it, in front of the Django at `django`. `app()` is what `buildApp` gives. */
export async function startVite(django) {
  process.env.DJANGO_URL = django;
  const vite = await createServer({
    root: frontend,
    cacheDir: join(target, "vite"),
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
  });
  await vite.listen();
  return {
    url: vite.resolvedUrls.local[0],
    app: () => vite.ssrLoadModule("/src/server.tsx"),
    stop: () => vite.close(),
  };
}

/** Draws pages with `app` in front of the server at `behind`: Django, or Vite in front of it. */
export async function startFront(app, behind) {
  const server = createHttpServer((request, response) => {
    const { pathname } = new URL(request.url, behind);
    const page = request.method === "GET" && /^\/(projects\/\d+\/|people\/\d+\/)?$/.test(pathname);
    const done = page ? answer(app, behind, request, response) : pass(behind, request, response);
    done.catch((error) => response.writeHead(502).end(String(error.stack)));
  });
  const sockets = new Set();
  server.on("upgrade", (request, socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)));
    upgrade(behind, request, socket);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve).closeAllConnections());
    },
  };
}

async function answer({ draw }, behind, { url, headers }, response) {
  const ask = (path) =>
    fetch(new URL(path, behind), {
      headers: { cookie: headers.cookie ?? "", accept: headers.accept ?? "*/*" },
    });
  const [empty, { html, data }] = await Promise.all([ask(url), draw(url, ask)]);
  const page = (await empty.text()).replace(
    '<div id="root"></div>',
    () =>
      `<div id="root">${html}</div>\n` +
      `<script type="application/json" id="__MIZAN_SSR_DATA__">${escaped(data)}</script>`,
  );
  for (const name of ["content-type", "content-security-policy", "cache-control", "vary"]) {
    if (empty.headers.has(name)) response.setHeader(name, empty.headers.get(name));
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
function pass(behind, request, response) {
  return new Promise((resolve, reject) => {
    const { method, headers, url } = request;
    const passed = ask(new URL(url, behind), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response).on("finish", resolve);
    });
    request.pipe(passed).on("error", reject);
  });
}

/** The socket by which Vite talks to its page. */
function upgrade(behind, { method, headers, url }, socket) {
  const passed = ask(new URL(url, behind), { method, headers });
  passed.on("upgrade", ({ headers }, other) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
    for (const [one, another] of [
      [socket, other],
      [other, socket],
    ]) {
      one.pipe(another).on("error", () => one.destroy());
      one.on("close", () => another.destroy());
    }
  });
  passed.on("error", () => socket.destroy()).end();
}
