// What the generated hooks, providers and functions let through: each `@ts-expect-error` is an error if the line
// below it compiles.
import type { MemberState, MizanError } from "@mizan/runtime/react";
import type { ReactElement } from "react";
import * as hostile from "../cases/hostile/out/index.js";
import * as none from "../cases/no_arguments/out/index.js";
import * as optional from "../cases/optional_params/out/index.js";
import * as plain from "../cases/plain/out/index.js";
import * as single from "../cases/single/out/index.js";

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
  // @ts-expect-error nothing else can be said of a fetch
  await plain.getUser({ user_id: 5 }, { awaitRefetch: true });
  await plain.getUser({ user_id: 5 }, { signal: undefined });

  // Nothing has to be given where nothing is required.
  same<Awaited<ReturnType<typeof none.getNotifications>>, none.NotificationsData>(true);
  none.prefetchNotifications();
  console.log(none.notificationsKey(), hostile.contextKey(), single.contextKey());
}

export function useRenames(): void {
  const { call, error } = plain.useRename({
    scope: "names",
    optimistic: ({ name }) => ({
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

export function usePatches(): void {
  const { useListTasks } = optional;
  useListTasks({
    optimistic: ({ project_id }) => [
      {
        context: "board",
        params: { project_id },
        update: { board_tasks: (tasks) => tasks.slice(1) },
      },
      { context: "palette", update: { palette_of: () => [] } },
    ],
  });
  // @ts-expect-error it does not affect that context
  plain.useRename({ optimistic: () => ({ context: "board", update: {} }) });
  // @ts-expect-error nor that one
  useListTasks({ optimistic: () => ({ context: "user", update: {} }) });
  // @ts-expect-error a context has no such member
  plain.useRename({ optimistic: () => ({ context: "user", update: { user_age: () => 5 } }) });
  // @ts-expect-error that is a member of another one that it affects
  useListTasks({ optimistic: () => ({ context: "palette", update: { board_tasks: () => [] } }) });
  // @ts-expect-error colours are texts
  useListTasks({ optimistic: () => ({ context: "palette", update: { palette_of: () => [1] } }) });
  // @ts-expect-error tasks are a list
  useListTasks({ optimistic: () => ({ context: "board", update: { board_tasks: () => null } }) });
  // @ts-expect-error no such param
  useListTasks({ optimistic: () => ({ context: "board", params: { id: 1 }, update: {} }) });
  useListTasks({
    // @ts-expect-error one of the patches is wrong
    optimistic: () => [
      { context: "board", update: {} },
      { context: "user", update: {} },
    ],
  });
  // What affects every context may patch each.
  hostile.useDelete({
    optimistic: () => [
      { context: "context", update: {} },
      { context: "con", update: {} },
    ],
  });
  single.useTypeof({ optimistic: () => ({ context: "context", update: {} }) });
  // @ts-expect-error it does not affect that context
  single.useTypeof({ optimistic: () => ({ context: "con", update: {} }) });
  // Where nothing is said of what it affects, it may be anything.
  none.useLogOut({ optimistic: () => ({ context: "session", update: { person: () => null } }) });
}

export function schemas(): void {
  same<keyof plain.Schema["contexts"], "user">(true);
  same<plain.Schema["contexts"]["user"], { params: plain.UserParams; data: plain.UserData }>(true);
  same<
    plain.Schema["mutations"],
    { rename: { args: plain.RenameArgs; result: plain.UserProfile } }
  >(true);
  same<none.Schema["mutations"]["log_out"], { args: void; result: null }>(true);
  same<keyof hostile.Schema["contexts"], keyof single.Schema["contexts"]>(true);
  // A model of that name has another one.
  same<hostile.SchemaData["schema"], hostile.SchemaModel>(true);
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
