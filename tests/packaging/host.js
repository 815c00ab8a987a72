// One origin for a page: its own files, or its own server, and the site's API beside them.

import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, request as send } from "node:http";
import { extname, join } from "node:path";
import { Gateway } from "../engines/gateway.js";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** A policy that lets no WebAssembly run. */
export const STRICT =
  "default-src 'none'; connect-src 'self'; img-src data:; style-src 'self'; script-src 'self'";

/** The policy that the main README names. */
export const POLICY = `${STRICT} 'wasm-unsafe-eval'`;

/** The network between a process and the site, which notes each request. */
export function openGateway(site) {
  return Gateway.open("127.0.0.1", site.port);
}

/**
 * The network between a browser and an origin that has the site's API. What else is asked for comes from
 * `folder`, or from the server that listens on the port `server`.
 */
export async function openHost(site, { folder, server, policy = POLICY }) {
  const origin = createServer((request, response) => {
    if (request.url.startsWith("/api/mizan/") || server) {
      pass(request, response, request.url.startsWith("/api/mizan/") ? site.port : server);
    } else {
      answer(request, response, folder, policy);
    }
  });
  origin.listen(0, "127.0.0.1");
  await once(origin, "listening");
  const gateway = await Gateway.open("127.0.0.1", origin.address().port);
  return Object.assign(gateway, {
    async stop() {
      await gateway.close();
      origin.close();
      origin.closeAllConnections();
    },
  });
}

function pass(request, response, port) {
  const { method, url: path, headers } = request;
  const onward = send({ host: "127.0.0.1", port, method, path, headers });
  onward.on("response", (reply) => {
    response.writeHead(reply.statusCode, reply.headers);
    reply.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}

function answer({ url }, response, folder, policy) {
  const { pathname } = new URL(url, "http://host");
  const file = join(folder, pathname === "/" ? "index.html" : pathname);
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
  response.setHeader("Content-Security-Policy", policy);
  response.end(readFileSync(file));
}
