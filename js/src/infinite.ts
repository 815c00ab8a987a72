import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import {
  type MizanError,
  type Params,
  type Registration,
  type RegistrationOptions,
  registerContext,
  type Snapshot,
} from "./index.js";
import { type MemberState, memberState, track, useRegistration } from "./member.js";
import type { Context } from "./provider.js";
import { renewals } from "./renewal.js";

/** What a paginated function of the server returns. Given as its param `cursor`, `next_cursor` asks for the next page. */
export interface Page<T> {
  readonly items: readonly T[];
  /** None after the last page. */
  readonly next_cursor: string | null;
}

/**
 * What an infinite hook gives: the items of all pages that were asked for. The component renders again when something
 * changes that it has read of this.
 */
export interface InfiniteState<T> extends Omit<MemberState<T>, "data"> {
  /** In order, each once: none before the first page is there. The same array until one of them changes. */
  readonly items: readonly T[];
  /** Why a page could not be had. The items stay beside it; `fetchNextPage` and `refetch` try again. */
  readonly error: MizanError | undefined;
  readonly hasNextPage: boolean;
  /** Resolves when the next page is there. Rejects with what is then `error`; nobody has to catch it. */
  fetchNextPage(): Promise<void>;
  readonly isFetchingNextPage: boolean;
}

type Paginated<D> = {
  [K in keyof D & string]: Exclude<D[K], undefined> extends Page<unknown> ? K : never;
}[keyof D & string];

type Item<V> = Exclude<V, undefined> extends Page<infer T> ? T : never;

/**
 * The hook that reads a member of a context page after page. The first one is that of the provider; each other one is
 * the same context with another `cursor`, kept up to date as long as somebody reads it.
 */
export function defineInfinite<P extends object, D extends object, K extends Paginated<D>>(
  context: Context<P, D>,
  member: K,
): () => InfiniteState<Item<D[K]>> {
  return function useInfinite() {
    const registration = useRegistration(context);
    const [present] = useState<{ list?: List<Item<D[K]>> }>({});
    const list = useMemo(
      () => listOf<Item<D[K]>>(registration as Registration<Bundle>, member, present.list),
      [registration, present],
    );
    // Where a provider's options change, its list goes on.
    useEffect(() => {
      present.list = list;
    }, [present, list]);
    const [stateOf, initialOf] = useMemo(() => track(list, (state) => state), [list]);
    return useSyncExternalStore(list.subscribe, stateOf, initialOf);
  };
}

type Bundle = Record<string, unknown>;

/** What the components below one provider read together. */
interface List<T> {
  readonly key: string;
  /** How many pages were asked for. */
  readonly size: number;
  subscribe(callback: () => void): () => void;
  getSnapshot(): InfiniteState<T>;
  getServerSnapshot(): InfiniteState<T>;
}

const lists = /* @__PURE__ */ new WeakMap<object, Map<string, List<unknown>>>();

/** One list for all who read a member below one provider, as long as the provider stays. */
function listOf<T>(
  registration: Registration<Bundle>,
  member: string,
  before: List<T> | undefined,
): List<T> {
  const known = lists.get(registration) ?? new Map<string, List<unknown>>();
  lists.set(registration, known);
  const size = before?.key === registration.key ? before.size : 1;
  const list = known.get(member) ?? createList(registration, member, size);
  known.set(member, list);
  return list as List<T>;
}

/** A page of the chain: where it comes from, and its present state. */
interface Link<T> {
  readonly registration: Registration<Bundle>;
  readonly snapshot: Snapshot<Bundle>;
  readonly state: MemberState<Page<T>>;
}

function createList<T>(first: Registration<Bundle>, member: string, begin: number): List<T> {
  const registrationOf = followers(first);
  const itemsOf = flattening<T>();
  /** The later pages that are in use, by cursor. */
  const pages = new Map<string, Registration<Bundle>>();
  /** The pages that are kept up to date, and what ends that. */
  const subscribed = new Map<Registration<Bundle>, () => void>();
  const listeners = new Set<{ readonly callback: () => void }>();
  let size = begin;
  /** The last list that was whole. */
  let shown: readonly Link<T>[] = [];
  let newest: Memo<T> | undefined;
  let initial: Memo<T> | undefined;
  let changing = false;
  let endRenewal: (() => void) | undefined;

  const linkOf = (registration: Registration<Bundle>, snapshot = registration.getSnapshot()) => ({
    registration,
    snapshot,
    state: memberState<Bundle, Page<T>>(snapshot, member, refetch),
  });

  /** The pages that were asked for, up to the first that is not there. */
  function walk(): readonly [Link<T>, ...Link<T>[]] {
    const links: [Link<T>, ...Link<T>[]] = [linkOf(first)];
    while (links.length < size) {
      const cursor = lastOf(links).state.data?.next_cursor;
      if (cursor == null) {
        break;
      }
      const page = pages.get(cursor) ?? registrationOf(cursor);
      pages.set(cursor, page);
      links.push(linkOf(page));
    }
    return links;
  }

  function getSnapshot(): InfiniteState<T> {
    const links = walk();
    const there = links.filter(isThere);
    // A page that is fetched again may end elsewhere than before, and the one after it is then another one. What is
    // there meanwhile would be a shorter list; with the older pages, one with a gap, or with something twice. But
    // what is not there any more is not shown any more: somebody else may be logged in.
    if (
      there.length === links.length ||
      there.length >= shown.length ||
      !shown.every(({ registration }) => isThere(linkOf(registration)))
    ) {
      shown = there;
    }
    newest = memo(newest, [size, ...links.map(snapshotOf), ...shown.map(pageOf)], () =>
      stateOf(links, shown),
    );
    return newest.state;
  }

  function getServerSnapshot(): InfiniteState<T> {
    const snapshot = first.getServerSnapshot();
    if (snapshot === first.getSnapshot() && size === 1) {
      return getSnapshot();
    }
    const links = [linkOf(first, snapshot)] as const;
    initial = memo(initial, [snapshot], () => stateOf(links, links.filter(isThere)));
    return initial.state;
  }

  function stateOf(
    links: readonly [Link<T>, ...Link<T>[]],
    shown: readonly Link<T>[],
  ): InfiniteState<T> {
    const [{ state: whole }] = links;
    const last = lastOf(links);
    const error = links.find(({ state }) => state.error)?.state.error;
    // The one after those that are shown is no newer value of them.
    const own = links.slice(0, shown.length || 1);
    const hasNextPage = shown.length > 0 && lastOf(shown).state.data?.next_cursor != null;
    return {
      items: itemsOf(shown.map(({ state }) => (state.data as Page<T>).items)),
      error,
      status: error && whole.status !== "gone" ? "error" : whole.status,
      isRefetching: shown.length > 0 && own.some(({ snapshot }) => snapshot.isFetching),
      isStale: own.some(({ state }) => state.isStale),
      refetch,
      hasNextPage,
      fetchNextPage,
      isFetchingNextPage:
        hasNextPage && size > shown.length && !isThere(last) && last.snapshot.isFetching,
    };
  }

  /** Keeps up to date what is in the chain now, and nothing else, and tells everybody. */
  function change(): void {
    // Subscribing may call back.
    if (changing) {
      return;
    }
    changing = true;
    let chain: Registration<Bundle>[];
    let added: Registration<Bundle>[];
    do {
      chain = listeners.size ? walk().map(({ registration }) => registration) : [];
      added = chain.filter((registration) => !subscribed.has(registration));
      for (const registration of added) {
        subscribed.set(registration, registration.subscribe(change));
      }
    } while (added.length);
    for (const [registration, leave] of subscribed) {
      if (!chain.includes(registration)) {
        subscribed.delete(registration);
        leave();
      }
    }
    for (const [cursor, page] of pages) {
      if (!chain.includes(page)) {
        pages.delete(cursor);
      }
    }
    changing = false;
    awaitRenewal();
    for (const { callback } of [...listeners]) {
      callback();
    }
  }

  /** Lets mutations wait while somebody sees an older list, as long as there is hope for the new one. */
  function awaitRenewal(): void {
    const links = walk();
    const isOlder = listeners.size > 0 && links.filter(isThere).length < shown.length;
    if (!isOlder || !links.some((link) => !isThere(link) && link.snapshot.isFetching)) {
      endRenewal?.();
      endRenewal = undefined;
    } else if (!endRenewal) {
      const renewal = new Promise<void>((end) => {
        endRenewal = end;
      });
      renewals.add(renewal);
      renewal.then(() => renewals.delete(renewal));
    }
  }

  /** Resolves when all pages that were asked for are there. */
  async function arrive(): Promise<void> {
    for (let before = ""; ; ) {
      const last = lastOf(walk());
      const { registration, state } = last;
      if (isThere(last)) {
        return;
      }
      if (registration.key === before) {
        throw state.error;
      }
      before = registration.key;
      // What has failed is fetched again only if somebody asks.
      await (state.error ? registration.refetch() : registration.read());
    }
  }

  const refetch = quiet(async () => {
    const there = walk().filter(isThere);
    await Promise.all(there.map(({ registration }) => registration.refetch()));
    await arrive();
  });

  const fetchNextPage = quiet(async () => {
    if (getSnapshot().hasNextPage) {
      size = Math.max(size, shown.length + 1);
      change();
      await arrive();
    }
  });

  return {
    key: first.key,
    get size() {
      return size;
    },
    subscribe(callback) {
      const listener = { callback };
      listeners.add(listener);
      change();
      return () => {
        listeners.delete(listener);
        if (!listeners.size) {
          // From now on, nobody hears of what is not there any more.
          shown = [];
        }
        change();
      };
    },
    getSnapshot,
    getServerSnapshot,
  };
}

const isThere = ({ state }: Link<unknown>) => state.data !== undefined;
const snapshotOf = ({ snapshot }: Link<unknown>) => snapshot;
const pageOf = ({ state }: Link<unknown>) => state.data;

const lastOf = <T>(list: readonly T[]) => list[list.length - 1] as T;

const equal = (one: readonly unknown[], other: readonly unknown[]) =>
  one.length === other.length && one.every((each, at) => Object.is(each, other[at]));

/** A state, and of what it was made. */
interface Memo<T> {
  readonly of: readonly unknown[];
  readonly state: InfiniteState<T>;
}

/** The older state as long as it is made of the same. */
function memo<T>(
  older: Memo<T> | undefined,
  of: readonly unknown[],
  make: () => InfiniteState<T>,
): Memo<T> {
  return older && equal(older.of, of) ? older : { of, state: make() };
}

/** An error is in the state as well: nobody has to catch it. */
function quiet(action: () => Promise<void>): () => Promise<void> {
  return () => {
    const done = action();
    done.catch(() => {});
    return done;
  };
}

/** What gives the later pages of a context by their cursors. They are kept up to date as the first one is. */
function followers({ key, wants, alike }: Registration<Bundle>) {
  const [name, query] = key.split("?") as [string, string?];
  const pairs = query?.split("&").map((pair) => pair.split("=").map(decodeURIComponent)) ?? [];
  // Texts all of them: to a key, the number 5 and the text "5" are one value.
  const params = Object.fromEntries(pairs) as Params;
  const [staleTime, refetchInterval] = wants;
  const options = { enabled: wants.length > 0, staleTime, refetchInterval } as RegistrationOptions;
  return (cursor: string) => {
    const registration = registerContext<Bundle>(name, { ...params, cursor }, options);
    return alike ? alike(registration) : registration;
  };
}

/**
 * What puts the items of pages into one array: the same one where nothing has changed, with the same objects for
 * what has not, on whichever page it stands now. An object that stands on several pages is there once, where it is
 * first: a patch adds what it adds to each of them.
 */
function flattening<T>(): (pages: readonly (readonly T[])[]) => readonly T[] {
  let items: readonly T[] = [];
  let before: readonly (readonly T[])[] = [];
  const texts = new WeakMap<object, string | undefined>();
  const textOf = (item: object) => {
    if (!texts.has(item)) {
      texts.set(item, written(item));
    }
    return texts.get(item);
  };
  return (pages) => {
    if (equal(pages, before)) {
      return items;
    }
    before = pages;
    const known = new Map(items.filter(isObject).map((item) => [textOf(item), item]));
    const seen = new Set<T>();
    const next: T[] = [];
    for (const item of pages.flat() as T[]) {
      if (!isObject(item)) {
        next.push(item);
      } else if (!seen.has(item)) {
        seen.add(item);
        const text = textOf(item);
        next.push((text !== undefined && known.get(text)) || item);
      }
    }
    if (!equal(next, items)) {
      items = next;
    }
    return items;
  };
}

const isObject = <T>(value: T): value is T & object => typeof value === "object" && value !== null;

/** What a patch has put there may have no text. */
function written(item: object): string | undefined {
  try {
    return JSON.stringify(item);
  } catch {
    return undefined;
  }
}
