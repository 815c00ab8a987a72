export type { ArgumentError } from "./error.js";
export { MizanError, type Payload } from "./index.js";
export {
  type MemberState,
  useBundle,
  useMember,
} from "./member.js";
export {
  defineMutation,
  type MutationOptions,
  type MutationState,
} from "./mutation.js";
export {
  type Context,
  type ContextPatch,
  type ContextProvider,
  defineContext,
  fetchContext,
  keyOf,
  type ProviderOptions,
  prefetch,
} from "./provider.js";
export { MizanServer } from "./rendering.js";
export { useBundleSuspense, useMemberSuspense } from "./suspense.js";
