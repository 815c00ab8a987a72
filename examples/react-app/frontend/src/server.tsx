import { contextKey, type Params, type Payload } from "@mizan/runtime";
import { MizanServer } from "@mizan/runtime/react";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { App } from "./App";
import type { PeopleData, ProjectsData, SessionData } from "./mizan";
import { parseRoute } from "./route";

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
  const read = async <D,>(context: string, params: Params = {}) => {
    const [name, query] = contextKey(context, params).split("?");
    const answer = await ask(`/api/mizan/ctx/${name}/${query ? `?${query}` : ""}`);
    const data = answer.ok ? ((await answer.json()) as D) : undefined;
    return { context, params, data, headers: answer.headers };
  };
  const [session, people, projects] = await Promise.all([
    read<SessionData>("session"),
    read<PeopleData>("people"),
    read<ProjectsData>("projects"),
  ]);
  const { page, projectId = projects.data?.project_list[0]?.id, assignee } = parseRoute(address);
  const rest = await Promise.all([
    ...(people.data?.people_list ?? []).map(({ id }) => read("user", { user_id: id })),
    ...(page === "board" ? [read("board", { project_id: projectId, assignee })] : []),
    ...(session.data?.current_person ? [read("notifications")] : []),
  ]);
  const identity = session.headers.get("X-Mizan-Identity") ?? "";
  return {
    schema: session.headers.get("X-Mizan-Schema") ?? "",
    identity,
    contexts: [session, people, projects, ...rest].filter(
      // Somebody may have logged in or out in between.
      ({ data, headers }) => data && headers.get("X-Mizan-Identity") === identity,
    ),
  };
}
