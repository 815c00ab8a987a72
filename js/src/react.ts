export type { ArgumentError } from "./error.js";
export { MizanError, type Payload } from "./index.js";
export { defineInfinite, type InfiniteState, type Page } from "./infinite.js";
export { defineBundle, defineMember, type MemberHook, type MemberState } from "./member.js";
export { defineMutation, type MutationOptions, type MutationState } from "./mutation.js";
export {
  type Context,
  type ContextPatch,
  type ContextProvider,
  defineContext,
  type ProviderOptions,
} from "./provider.js";
export { MizanServer } from "./rendering.js";
export { defineBundleSuspense, defineMemberSuspense } from "./suspense.js";
