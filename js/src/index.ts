export {
  configure,
  contextKey,
  invalidate,
  mizanCall,
  mizanFetch,
  parseInvalidateHeader,
  registerContext,
} from "./client.js";
export { type ArgumentError, InvalidHeader, InvalidKey, MizanError } from "./error.js";
export { hydrate } from "./hydration.js";
export {
  type Activity,
  type ActivityListener,
  type Affected,
  type Cause,
  type Inspection,
  inspect,
  observe,
} from "./inspection.js";
export type {
  CallOptions,
  Configuration,
  FetchOptions,
  Invalidation,
  MizanEvent,
  Params,
  ParamValue,
  Patch,
  Payload,
  Registration,
  RegistrationOptions,
  Snapshot,
} from "./types.js";
export { formatInvalidateHeader } from "./writer.js";
