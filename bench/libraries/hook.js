// Runs a hook as React runs it, for a component that renders nothing: what is measured is the hook's own
// work. React's way to say who implements its hooks is internal to it, and its version is pinned.
import React from "react";

const internals = React.__CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE;

/** Mounts a component in which every context has the `context` given. */
export function mount(context, component) {
  const cells = [];
  let next = 0;
  let due = [];
  let mounted = true;

  const same = (before, now) => now?.every((dep, at) => Object.is(dep, before?.[at])) ?? false;
  const cell = (make) => {
    const at = next++;
    cells[at] ??= make();
    return cells[at];
  };
  const useEffect = (effect, deps) => {
    const own = cell(() => ({}));
    if (!own.run || !same(own.deps, deps)) {
      due.push(own);
    }
    own.run = effect;
    own.deps = deps;
  };
  const useMemo = (make, deps) => {
    const own = cell(() => ({}));
    if (!("value" in own) || !same(own.deps, deps)) {
      own.value = make();
      own.deps = deps;
    }
    return own.value;
  };
  const mountedHook = { getSnapshot: undefined, unmount };
  const hooks = {
    useContext: () => context,
    useRef: (current) => cell(() => ({ current })),
    useMemo,
    useCallback: (callback, deps) => useMemo(() => callback, deps),
    useDebugValue() {},
    useEffect,
    useLayoutEffect: useEffect,
    useSyncExternalStore(subscribe, getSnapshot) {
      const own = cell(() => ({}));
      own.value = getSnapshot();
      own.getSnapshot = getSnapshot;
      mountedHook.getSnapshot ??= () => own.getSnapshot();
      useEffect(
        () =>
          subscribe(() => {
            if (mounted && !Object.is(own.getSnapshot(), own.value)) {
              render();
            }
          }),
        [subscribe],
      );
      return own.value;
    },
  };

  function render() {
    const outer = internals.H;
    internals.H = hooks;
    next = 0;
    try {
      component();
    } finally {
      internals.H = outer;
    }
    const effects = due;
    due = [];
    for (const effect of effects) {
      effect.cleanup?.();
      effect.cleanup = effect.run();
    }
  }

  function unmount() {
    mounted = false;
    for (const { cleanup } of cells) {
      cleanup?.();
    }
  }

  render();
  return mountedHook;
}
