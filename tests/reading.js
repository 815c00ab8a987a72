// What a page can see of how a body was read: which objects are older ones. See body.json in
// tests/vectors/README.md.

/** How a body was read, in the words of the vectors; a value that is no object is only a `value`. */
export function reading(old, value) {
  const isObject = (it) => typeof it === "object" && it !== null;
  const member = (older, it) => {
    if (!isObject(it)) {
      return "value";
    }
    if (it === older) {
      return "kept";
    }
    if (!Array.isArray(it) || it.length === 0) {
      return "parsed";
    }
    const list = Array.isArray(older) ? older : [];
    let next = 0;
    return it.map((element) => {
      if (!isObject(element)) {
        return "value";
      }
      // An older element that is there twice is the one after the last, as in the core.
      const at = list[next] === element ? next : list.indexOf(element);
      next = at < 0 ? next : at + 1;
      return at < 0 ? null : at;
    });
  };
  if (value === old) {
    return "same";
  }
  return Object.entries(value).map(([name, it]) => [
    name,
    member(Object.hasOwn(Object(old), name) ? old[name] : undefined, it),
  ]);
}

/** What of an expected reading a page can see. `value` is what the body says. */
export function visible(expected, value) {
  if (expected === "same") {
    return expected;
  }
  const nothing = expected === "whole";
  const read = nothing ? new Map() : new Map(expected);
  return reading(undefined, value).map(([name, fresh]) => {
    const what = nothing ? "parsed" : read.get(name);
    if (fresh === "value" || what === "kept") {
      return [name, fresh === "value" ? fresh : what];
    }
    // A list that was parsed as one value has no older elements.
    return Array.isArray(fresh) && what !== "parsed"
      ? [name, fresh.map((seen, at) => (seen === "value" ? seen : what[at]))]
      : [name, fresh];
  });
}
