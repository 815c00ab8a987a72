import {
  type AnchorHTMLAttributes,
  createContext,
  type MouseEvent,
  type ReactNode,
  useContext,
  useMemo,
  useSyncExternalStore,
} from "react";

/** Where an address points. `projectId` is absent at "/", which shows the first project. */
export interface Route {
  page: "board" | "person";
  projectId?: number;
  userId?: number;
  assignee?: number;
  taskId?: number;
}

/** Path and query of the address bar. */
export const here = (): string => window.location.pathname + window.location.search;

const First = createContext("/");

/** Begins with an address, which a server knows without a window. */
export function Router({ address, children }: { address: string; children: ReactNode }) {
  return <First value={address}>{children}</First>;
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

export function useAddress(): string {
  const first = useContext(First);
  return useSyncExternalStore(subscribe, here, () => first);
}

export function useRoute(): Route {
  const address = useAddress();
  return useMemo(() => parseRoute(address), [address]);
}

export function parseRoute(address: string): Route {
  const [path = "", query] = address.split("?");
  const [, section, id] = path.split("/");
  const params = new URLSearchParams(query);
  const route: Route = { page: section === "people" ? "person" : "board" };
  const assign = (name: "projectId" | "userId" | "assignee" | "taskId", text?: string | null) => {
    if (text && /^[1-9]\d{0,14}$/.test(text)) route[name] = Number(text);
  };
  assign(route.page === "person" ? "userId" : "projectId", id);
  assign("assignee", params.get("assignee"));
  assign("taskId", params.get("task"));
  return route;
}

export function navigate(href: string): void {
  const { pathname } = window.location;
  window.history.pushState(null, "", href);
  if (window.location.pathname !== pathname) window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** The address with one query parameter set, or removed. */
export function hrefWith(
  address: string,
  name: "assignee" | "task",
  value: number | undefined,
): string {
  const [path = "", query] = address.split("?");
  const params = new URLSearchParams(query);
  if (value === undefined) params.delete(name);
  else params.set(name, String(value));
  return params.size > 0 ? `${path}?${params}` : path;
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & {
  href: string;
  /** Called when somebody points at the link, and so may be about to follow it. */
  prefetch?(): void;
};

/** An ordinary link that does not reload the page; new tabs and the like work as ever. */
export function Link({ href, onClick, prefetch, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (event.defaultPrevented || event.button !== 0 || !plain) return;
    event.preventDefault();
    navigate(href);
  };
  return (
    <a href={href} onPointerEnter={prefetch} onFocus={prefetch} {...rest} onClick={follow}>
      {children}
    </a>
  );
}
