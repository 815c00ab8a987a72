// What the page of react.mjs has, and what only runs in one asks for by its own name.
Object.assign(globalThis, {
  Element: window.Element,
  Event: window.Event,
  MutationObserver: window.MutationObserver,
});
