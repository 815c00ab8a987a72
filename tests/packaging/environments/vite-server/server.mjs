// As in Vite's manual: in development Vite serves the sources, in production files are served.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createVite } from "vite";

const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address();

const vite =
  process.argv[2] === "development" &&
  (await createVite({
    appType: "custom",
    server: { middlewareMode: true, hmr: { server, clientPort: port } },
  }));

async function load(url) {
  if (vite) {
    const template = await vite.transformIndexHtml(url, readFileSync("index.html", "utf8"));
    return { template, ...(await vite.ssrLoadModule("/render.tsx")) };
  }
  const template = readFileSync("dist/client/index.html", "utf8");
  return { template, ...(await import("./dist/server/render.mjs")) };
}

async function serve({ url }, response) {
  const { pathname, searchParams } = new URL(url, "http://host");
  if (pathname !== "/") {
    response.setHeader("Content-Type", "text/javascript");
    response.end(readFileSync(`dist/client${pathname}`));
    return;
  }
  const { template, render } = await load(url);
  const parts = await render(Number(searchParams.get("note")));
  response.setHeader("Content-Type", "text/html");
  response.end(template.replaceAll(/<!--(\w+)-->/g, (_, name) => parts[name]));
}

server.on("request", (request, response) => {
  if (vite) {
    vite.middlewares(request, response, () => serve(request, response));
  } else {
    serve(request, response);
  }
});
console.log(`Ready: ${port}`);
