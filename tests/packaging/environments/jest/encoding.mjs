// jsdom has neither. The package brings its own only as CommonJS, because browsers would download them.
import { TextDecoder, TextEncoder } from "node:util";

Object.assign(globalThis, { TextDecoder, TextEncoder });
