import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

/** Where the address bar points. `projectId` is absent at "/", which shows the first project. */
export interface Route {
  page: "board" | "person";
  projectId?: number;
  userId?: number;
  assignee?: number;
  taskId?: number;
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

export function useRoute(): Route {
  return parseRoute(new URL(useSyncExternalStore(subscribe, () => window.location.href)));
}

export function parseRoute(url: URL): Route {
  const [, section, id] = url.pathname.split("/");
  const route: Route = { page: section === "people" ? "person" : "board" };
  const assign = (name: "projectId" | "userId" | "assignee" | "taskId", text?: string | null) => {
    if (text && /^[1-9]\d{0,14}$/.test(text)) route[name] = Number(text);
  };
  assign(route.page === "person" ? "userId" : "projectId", id);
  assign("assignee", url.searchParams.get("assignee"));
  assign("taskId", url.searchParams.get("task"));
  return route;
}

export function navigate(href: string): void {
  const { pathname } = window.location;
  window.history.pushState(null, "", href);
  if (window.location.pathname !== pathname) window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** The present address with one query parameter set, or removed. */
export function hrefWith(name: "assignee" | "task", value: number | undefined): string {
  const url = new URL(window.location.href);
  if (value === undefined) url.searchParams.delete(name);
  else url.searchParams.set(name, String(value));
  return url.pathname + url.search;
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string };

/** An ordinary link that does not reload the page; new tabs and the like work as ever. */
export function Link({ href, onClick, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (event.defaultPrevented || event.button !== 0 || !plain) return;
    event.preventDefault();
    navigate(href);
  };
  return (
    <a href={href} {...rest} onClick={follow}>
      {children}
    </a>
  );
}
