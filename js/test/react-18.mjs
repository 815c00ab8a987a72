// A hook of Node's module loader: whoever imports React gets the one of tests/react-18.
const parentURL = new URL("../../tests/react-18/package.json", import.meta.url).href;

export function resolve(specifier, context, next) {
  return next(
    specifier,
    /^react(-dom)?(\/|$)/.test(specifier) ? { ...context, parentURL } : context,
  );
}
