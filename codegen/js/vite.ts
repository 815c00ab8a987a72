import { resolve } from "node:path";
import type { Plugin, ViteDevServer } from "vite";
import { Unreachable } from "./document.js";
import { type Job, type Outcome, update, type WatchOptions, watch } from "./index.js";

export type { Job } from "./index.js";

/**
 * Generates before a build, and in development again whenever the schema has changed. What is wrong
 * with a schema stands in Vite's overlay until it is right.
 *
 * Paths are from Vite's root.
 */
export default function mizan(job: Job & Pick<WatchOptions, "interval">): Plugin {
  const end = new AbortController();
  const { interval, ...rest } = job;
  let here: Job;
  let isServed = false;
  let outcome: Outcome | undefined;

  function tell(server: ViteDevServer): void {
    if (!outcome || !("error" in outcome)) return;
    const { message } = outcome.error;
    server.ws.send({ type: "error", err: { message, stack: "", plugin: "mizan", id: job.schema } });
  }

  function take(next: Outcome, server: ViteDevServer): void {
    const { logger } = server.config;
    const had = outcome && "error" in outcome;
    // A server that starts again is soon back, and what was generated of it still holds.
    if ("error" in next && next.error instanceof Unreachable) {
      logger.warn(`mizan: ${next.error.message}`, { timestamp: true });
      return;
    }
    outcome = next;
    if ("error" in next) {
      logger.error(`mizan: ${next.error.message}`, { timestamp: true });
      tell(server);
    } else {
      for (const path of next.removed) logger.info(`mizan removed ${path}`, { timestamp: true });
      for (const path of next.written) logger.info(`mizan wrote ${path}`, { timestamp: true });
      // Takes the overlay away, also where no file had to change.
      if (had) server.ws.send({ type: "update", updates: [] });
    }
  }

  return {
    name: "mizan",
    configResolved({ root, command }) {
      const from = (path: string) => resolve(root, path);
      here = {
        ...rest,
        schema: /^https?:\/\//.test(job.schema) ? job.schema : from(job.schema),
        out: job.out && from(job.out),
        manifest: job.manifest && from(job.manifest),
      };
      isServed = command === "serve";
    },
    async buildStart() {
      // A server takes its first look on its own.
      if (!isServed) await update(here);
    },
    async configureServer(server) {
      server.ws.on("connection", () => tell(server));
      const outcomes = watch(here, { signal: end.signal, interval });
      // The first page is to find what it imports.
      const first = await outcomes.next();
      if (!first.done) take(first.value, server);
      void (async () => {
        for await (const next of outcomes) take(next, server);
      })();
    },
    closeBundle() {
      if (isServed) end.abort();
    },
  };
}
