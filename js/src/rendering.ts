import { createElement, type ReactElement, type ReactNode, useMemo } from "react";
import { contextKey, hydrate, type Payload, type Registration, type Snapshot } from "./index.js";
import { Rendering } from "./provider.js";

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
  const render = useMemo(() => {
    if (globalThis.document) {
      hydrate(data);
      return undefined;
    }
    const snapshots = new Map(
      data.contexts.map(({ context, params, data }) => [
        contextKey(context, params),
        { data, error: undefined, status: "success", isFetching: false, isStale: false } as const,
      ]),
    );
    return <T>(registration: Registration<T>): Registration<T> => {
      const known = snapshots.get(registration.key) as Snapshot<T> | undefined;
      return known
        ? { ...registration, getSnapshot: () => known, getServerSnapshot: () => known }
        : registration;
    };
  }, [data]);
  return createElement(Rendering.Provider, { value: render }, children);
}
