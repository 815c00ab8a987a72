// One server for all libraries: the same data as contexts of Mizan, which the REST clients fetch too, and by GraphQL.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { TASKS, USERS } from "./sizes.js";

const SCHEMA = JSON.parse(readFileSync(new URL("schema.json", import.meta.url), "utf8"));
const STATES = ["todo", "doing", "done"];

export class Server {
  /** How long every answer with data waits, in milliseconds. */
  latency = 0;
  /** How many reads and writes came since the last `reset`. */
  reads = 0;
  writes = 0;
  /** How many of them are not answered yet. */
  open = 0;

  #bundles;
  #http = createServer((request, response) => {
    // Also where a page has left before it was answered.
    this.#answer(request, response).catch((error) => response.destroy(error));
  });

  /** `bundles`: scripts, by name. */
  constructor(bundles) {
    this.#bundles = bundles;
    this.reset();
  }

  async listen() {
    this.#http.listen(0, "127.0.0.1");
    await once(this.#http, "listening");
    this.origin = `http://127.0.0.1:${this.#http.address().port}`;
  }

  close() {
    this.#http.close();
    this.#http.closeAllConnections();
  }

  /** The data of the beginning. All get the types that only GraphQL needs: all get equally much. */
  reset() {
    this.users = Array.from({ length: USERS }, (_, at) => ({
      user_profile: {
        __typename: "UserProfile",
        id: at + 1,
        name: `User ${at + 1}`,
        bio: "Reads more than she writes, and writes more than she says. ".repeat(3),
        joined: "2026-01-01T09:00:00Z",
      },
      user_tasks: Array.from({ length: 10 }, (_, task) => makeTask("UserTask", at * 10 + task + 1)),
    }));
    this.tasks = Array.from({ length: TASKS }, (_, at) => makeTask("Task", at + 1));
    this.reads = 0;
    this.writes = 0;
  }

  async #answer(request, response) {
    const url = new URL(request.url, "http://127.0.0.1");
    const script = this.#bundles.get(url.pathname.slice(1));
    if (script) {
      response.setHeader("Content-Type", "text/javascript");
      response.end(script);
    } else if (url.pathname === "/graphql" || url.pathname.startsWith("/api/mizan/")) {
      this.open++;
      try {
        const body = await textOf(request);
        const graphql = url.pathname === "/graphql";
        const answer = JSON.stringify(
          graphql ? { data: this.#graphql(url, body) } : this.#mizan(url, body),
        );
        if (this.latency) {
          await wait(this.latency);
        }
        this.#send(response, answer);
      } finally {
        this.open--;
      }
    } else {
      this.#page(url, response);
    }
  }

  /** Django, too, sets the cookie with the page. */
  #page(url, response) {
    const [library] = url.pathname.slice(1).split("/");
    response.setHeader("Content-Type", "text/html");
    response.setHeader("Set-Cookie", "csrftoken=token; Path=/; SameSite=Lax");
    const script = library ? `<script type="module" src="/${library}.js"></script>` : "";
    response.end(`<!doctype html><link rel="icon" href="data:,"><div id="root"></div>${script}`);
  }

  #send(response, answer) {
    response.setHeader("Content-Type", "application/json");
    response.setHeader("Cache-Control", "private, no-cache");
    response.setHeader("X-Mizan-Schema", SCHEMA["x-mizan-hash"]);
    response.setHeader("X-Mizan-Identity", "nobody");
    response.end(answer);
  }

  #mizan(url, body) {
    if (url.pathname === "/api/mizan/call/") {
      const { function: name, args } = JSON.parse(body);
      const { affects } = SCHEMA["x-mizan-functions"][name];
      const invalidate = affects.map(({ context, params }) => ({
        context,
        params: Object.fromEntries(params.map((param) => [param, args[param]])),
      }));
      return { result: this.#write(name, args), invalidate };
    }
    this.reads++;
    return url.pathname === "/api/mizan/ctx/board/"
      ? { board_tasks: this.tasks }
      : this.users[Number(url.searchParams.get("user_id")) - 1];
  }

  /** The documents of documents.js, by the names of their operations. */
  #graphql(url, body) {
    const { operationName, variables } = body ? JSON.parse(body) : queryOf(url);
    if (operationName === "Rename" || operationName === "Retitle") {
      const name = operationName.toLowerCase();
      return { [name]: this.#write(name, variables) };
    }
    this.reads++;
    return operationName === "Board"
      ? { board_tasks: this.tasks }
      : this.users[variables.user_id - 1];
  }

  /**
   * Does not answer with what is new, or those who put a mutation's answer into their caches would have
   * nothing to fetch.
   */
  #write(name, args) {
    this.writes++;
    if (name === "rename") {
      const profile = this.users[args.user_id - 1].user_profile;
      profile.name = args.name;
      return { __typename: profile.__typename, id: args.user_id };
    }
    const task = this.tasks[args.task_id - 1];
    task.title = args.title;
    return { __typename: task.__typename, id: args.task_id };
  }
}

function makeTask(type, id) {
  return {
    __typename: type,
    id,
    title: `Task ${id}`,
    state: STATES[id % 3],
    estimate: (id % 7) + 1,
  };
}

function queryOf({ searchParams }) {
  return {
    operationName: searchParams.get("operationName"),
    variables: JSON.parse(searchParams.get("variables") ?? "{}"),
  };
}

async function textOf(request) {
  const parts = [];
  for await (const part of request) {
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
