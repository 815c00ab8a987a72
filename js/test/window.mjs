// What the page of react.mjs has, for code that asks for it by its own name.
Object.assign(globalThis, {
  Element: window.Element,
  Event: window.Event,
  MutationObserver: window.MutationObserver,
});
