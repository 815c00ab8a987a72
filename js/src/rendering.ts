import { createContext, createElement, type ReactElement, type ReactNode, useMemo } from "react";
import { contextKey, hydrate, type Payload } from "./index.js";

/** What the server renders the present request with, by key. */
export const Rendering = /* @__PURE__ */ createContext<ReadonlyMap<string, unknown> | undefined>(
  undefined,
);

/**
 * Renders with the data of one request, and with nothing that another one has fetched. In the page, the
 * cache begins with it.
 */
export function MizanServer({
  data,
  children,
}: {
  readonly data: Payload;
  readonly children?: ReactNode;
}): ReactElement {
  const known = useMemo(() => {
    if (globalThis.document) {
      hydrate(data);
    }
    return new Map(
      data.contexts.map(({ context, params, data }) => [contextKey(context, params), data]),
    );
  }, [data]);
  return createElement(Rendering.Provider, { value: known }, children);
}
