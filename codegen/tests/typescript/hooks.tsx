// What the generated hooks, providers and functions let through: each `@ts-expect-error` is an error if the line
// below it compiles.
import type { MemberState, MizanError } from "@mizan/runtime/react";
import type { ReactElement } from "react";
import * as plain from "../cases/plain/out/index.js";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(same: Same<A, B>): void;

export function useReads(): void {
  same<ReturnType<typeof plain.useUserProfile>, MemberState<plain.UserProfile>>(true);
  const name = plain.useUserProfile(({ name }) => name);
  same<typeof name, MemberState<string>>(true);
  const count = plain.useUser(({ user_tasks }) => user_tasks.length);
  same<typeof count.data, number | undefined>(true);
  // @ts-expect-error a profile has no such member
  plain.useUserProfile(({ age }) => age);

  const { data, error, status } = plain.useUserTasks();
  if (status === "success") {
    same<typeof data, plain.Task[]>(true);
    same<typeof error, undefined>(true);
  } else if (status === "pending") {
    same<typeof data, undefined>(true);
  } else {
    same<typeof error, MizanError>(true);
    // @ts-expect-error what failed at first has no value
    data.length;
  }

  const profile = plain.useUserProfileSuspense();
  same<typeof profile, plain.UserProfile>(true);
  const all = plain.useUserSuspense();
  same<typeof all, plain.UserData>(true);
}

export async function fetches(): Promise<void> {
  const { user_tasks } = await plain.getUser({ user_id: 5 }, { signal: AbortSignal.timeout(1) });
  same<typeof user_tasks, plain.Task[]>(true);
  plain.prefetchUser({ user_id: 5 });
  const key: string = plain.userKey({ user_id: 5 });
  console.log(key);
  // @ts-expect-error the user has an id
  plain.prefetchUser({});
  // @ts-expect-error which is a number
  plain.userKey({ user_id: "5" });
}

export function useRenames(): void {
  const { call, error } = plain.useRename({
    scope: "names",
    optimistic: ({ name }): plain.UserPatch => ({
      context: "user",
      update: { user_profile: (profile) => ({ ...profile, name }) },
    }),
    onSuccess: ({ name }, args) => console.log(name === args.name),
    onError: ({ fields }) => console.log(fields.name),
  });
  same<typeof error, MizanError<plain.RenameArgs> | undefined>(true);
  const wrong: string | undefined = error?.fields.name;
  // @ts-expect-error there is no such argument
  error?.fields.age;
  // @ts-expect-error a name is a text
  call({ name: 5 });
  // @ts-expect-error a context has no such member
  const patch: plain.UserPatch = { context: "user", update: { user_age: () => 5 } };
  console.log(wrong, patch);
}

export function Pages(): ReactElement {
  return (
    <plain.UserProvider user_id={5} enabled={true} staleTime={1000} refetchInterval={undefined}>
      {/* @ts-expect-error the user has an id */}
      <plain.UserProvider />
      {/* @ts-expect-error there is no such option */}
      <plain.UserProvider user_id={5} gc={5} />
    </plain.UserProvider>
  );
}
