import { contextKey, type Payload } from "@mizan/runtime";
import { MizanServer } from "@mizan/runtime/react";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { App } from "./App";
import type { Schema } from "./mizan";
import { parseRoute } from "./route";

type Contexts = Schema["contexts"];

/** Asks Django for a path in the name of one visitor, with their cookies. */
export type Ask = (path: string) => Promise<Response>;

/**
 * The page at `address`, path and query, and the data that it was drawn with: the page in the browser begins with
 * the same. It is not streamed, because what is streamed late takes inline scripts, and the policy allows none.
 */
export async function draw(address: string, ask: Ask): Promise<{ html: string; data: Payload }> {
  const data = await payload(address, ask);
  const html = renderToString(
    <StrictMode>
      <MizanServer data={data}>
        <App address={address} />
      </MizanServer>
    </StrictMode>,
  );
  return { html, data };
}

/** What the page at `address` reads. What Django refuses is left out: the page asks for itself, and shows why. */
async function payload(address: string, ask: Ask): Promise<Payload> {
  const read = async <C extends keyof Contexts>(context: C, params: Contexts[C]["params"]) => {
    const [name, query] = contextKey(context, params).split("?");
    const answer = await ask(`/api/mizan/ctx/${name}/${query ? `?${query}` : ""}`);
    const data: Contexts[C]["data"] | undefined = answer.ok ? await answer.json() : undefined;
    return { context, params, data, headers: answer.headers };
  };
  const [session, people, projects] = await Promise.all([
    read("session", {}),
    read("people", {}),
    read("projects", {}),
  ]);
  const { page, projectId = projects.data?.project_list[0]?.id, assignee } = parseRoute(address);
  const isBoard = page === "board" && projectId !== undefined;
  const rest = await Promise.all([
    ...(people.data?.people_list ?? []).map(({ id }) => read("user", { user_id: id })),
    ...(isBoard ? [read("board", { project_id: projectId, assignee })] : []),
    ...(session.data?.current_person ? [read("notifications", {})] : []),
  ]);
  const identity = session.headers.get("X-Mizan-Identity") ?? "";
  return {
    schema: session.headers.get("X-Mizan-Schema") ?? "",
    identity,
    contexts: [session, people, projects, ...rest]
      // Somebody may have logged in or out in between.
      .filter(({ data, headers }) => data && headers.get("X-Mizan-Identity") === identity)
      .map(({ context, params, data }) => ({ context, params, data })),
  };
}
