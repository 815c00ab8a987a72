// JSON has no dates. Where a schema says that a string is one, this makes a Date of it, and a string again.

/** Where a value has dates. */
export type Dates =
  /** It is one. */
  | "date"
  /** In each of its items, or in each value of a dictionary. */
  | { readonly each: Dates }
  | { readonly members: Readonly<Record<string, Dates>> }
  /** As the member of that name says. */
  | { readonly tag: string; readonly of: Readonly<Record<string, Dates>> }
  /** In all of these places, as far as they are there. */
  | readonly Dates[]
  /** Said elsewhere. */
  | (() => Dates);

type Inner = Extract<Dates, { each: Dates } | { members: object } | { tag: string }>;

/** What was made of an object, by what was said of it: what stays the same object stays the same. */
const revived = /* @__PURE__ */ new WeakMap<object, WeakMap<object, unknown>>();
/** What something was made of. */
const originals = /* @__PURE__ */ new WeakMap<object, unknown>();

/**
 * A value of the server with a `Date` in each of these places. Gives the same object for the same object, and
 * changes none. A moment without a zone is one of the local time.
 */
export function reviveDates<T = unknown>(value: unknown, dates: Dates): T {
  return revive(value, dates) as T;
}

function revive(value: unknown, dates: Dates): unknown {
  if (typeof dates === "function") {
    return revive(value, dates());
  }
  if (Array.isArray(dates)) {
    return (dates as readonly Dates[]).reduce<unknown>((value, each) => revive(value, each), value);
  }
  if (dates === "date") {
    return typeof value === "string" ? made(new Date(value), value) : value;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const known = revived.get(dates as object) ?? new WeakMap<object, unknown>();
  revived.set(dates as object, known);
  if (!known.has(value)) {
    known.set(value, reviveWithin(value, dates as Inner));
  }
  return known.get(value);
}

function reviveWithin(value: object, dates: Inner): unknown {
  if ("tag" in dates) {
    const own = ownOf(dates.of, (value as Record<string, string>)[dates.tag]);
    return own ? revive(value, own) : value;
  }
  return changed(value, (old, name) => {
    const own = "each" in dates ? dates.each : ownOf(dates.members, name);
    return own ? revive(old, own) : old;
  });
}

/** What every object has is no member. */
function ownOf<T>(of: Readonly<Record<string, T>>, name: string | undefined): T | undefined {
  return Object.hasOwn(of, `${name}`) ? of[`${name}`] : undefined;
}

/**
 * The JSON of a value in which `reviveDates` has made dates, and which may have been changed since: what was not
 * changed is the object that the server has sent.
 */
export function replaceDates(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (originals.has(value)) {
    return replaceDates(originals.get(value));
  }
  if (value instanceof Date) {
    return value.toJSON();
  }
  return changed(value, replaceDates);
}

/** The same object if nothing in it has changed. */
function changed(value: object, change: (old: unknown, name: string) => unknown): object {
  let isChanged = false;
  const next = (old: unknown, name: string | number) => {
    const next = change(old, `${name}`);
    isChanged ||= next !== old;
    return next;
  };
  const copy = Array.isArray(value)
    ? value.map(next)
    : Object.fromEntries(Object.entries(value).map(([name, old]) => [name, next(old, name)]));
  return isChanged ? made(copy, value) : value;
}

function made<T extends object>(value: T, of: unknown): T {
  originals.set(value, of);
  return value;
}
