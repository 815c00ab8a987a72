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
export type {
  Configuration,
  Invalidation,
  MizanEvent,
  Params,
  ParamValue,
  Registration,
  Snapshot,
} from "./types.js";
export { formatInvalidateHeader } from "./writer.js";
