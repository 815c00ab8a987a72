// What generated code must let through and what it must not: each `@ts-expect-error` is an error if
// the line below it compiles.
import type { ReactElement } from "react";
import * as hostile from "../cases/hostile/out/index.js";
import * as models from "../cases/models/out/index.js";
import * as none from "../cases/no_arguments/out/index.js";
import * as optional from "../cases/optional_params/out/index.js";
import * as plain from "../cases/plain/out/index.js";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(same: Same<A, B>): void;

export function Providers(): ReactElement[] {
  return [
    <plain.UserProvider key="1" user_id={5}>
      text
    </plain.UserProvider>,
    // @ts-expect-error a required param is missing
    <plain.UserProvider key="2" />,
    // @ts-expect-error a param of the wrong type
    <plain.UserProvider key="3" user_id="5" />,
    // @ts-expect-error a required param is not given
    <plain.UserProvider key="4" user_id={null} />,
    // @ts-expect-error no such param
    <plain.UserProvider key="5" user_id={5} user={5} />,

    <none.NotificationsProvider key="6" />,
    // @ts-expect-error no such param
    <none.NotificationsProvider key="7" page={1} />,

    <optional.BoardProvider key="8" project_id={1} />,
    <optional.BoardProvider key="9" project_id={1} assignee={null} query={undefined} done />,
    // @ts-expect-error an optional param of the wrong type
    <optional.BoardProvider key="10" project_id={1} assignee="Ada" />,
    <optional.PaletteProvider key="11" color="red" depth={2} />,
    // @ts-expect-error not one of the values
    <optional.PaletteProvider key="12" color="blue" />,

    <hostile.UserProvider key="13" class={1} default="x" />,
  ];
}

export function reads(): void {
  const profile = plain.useUserProfile();
  same<typeof profile.data, plain.UserProfile | undefined>(true);
  // @ts-expect-error there may be no data yet
  profile.data.name;
  // @ts-expect-error no such property
  profile.data?.nickname;
  // @ts-expect-error a read hook has no arguments
  plain.useUserProfile(5);

  const tasks = plain.useUserTasks().data ?? [];
  // @ts-expect-error there may be no first one
  tasks[0].title;
  // @ts-expect-error not one of the states
  if (tasks[0]?.state === "finished") return;

  const user = plain.useUser().data;
  same<typeof user, plain.UserData | undefined>(true);
  // @ts-expect-error no such member
  user?.user_friends;

  const board = optional.useBoard().data;
  if (board !== undefined) {
    board.board_tasks.length;
    // @ts-expect-error this function does not run without its query
    board.board_search.length;
  }
  const summary = optional.useBoardSummary();
  same<typeof summary.data, string | null | undefined>(true);

  for (const shape of models.useDrawing().data?.shapes ?? []) {
    if (shape.kind === "circle") {
      shape.radius.toFixed();
      // @ts-expect-error a circle has no side
      shape.side;
    } else {
      shape.side.toFixed();
    }
  }
  const tree = models.useDrawingTree().data;
  if (Array.isArray(tree)) same<(typeof tree)[number], models.JsonValue>(true);
  const points = models.useDrawingPoints().data;
  // @ts-expect-error there may be no such key
  points?.["outline"][0];
  // @ts-expect-error a point has two numbers
  points?.["outline"]?.[0]?.[2];
  const settings = models.useDrawingSettings().data;
  settings?.by_status?.["waiting for a review"]?.toFixed();
  // @ts-expect-error not one of the keys
  settings?.by_status?.["lost"];
}

export async function mutations(): Promise<void> {
  const rename = plain.useRename();
  same<Awaited<ReturnType<typeof rename.call>>, plain.UserProfile>(true);
  same<typeof rename.data, plain.UserProfile | undefined>(true);
  await rename.call({ name: "Ada" });
  // @ts-expect-error an argument is missing
  await rename.call({});
  // @ts-expect-error no arguments at all
  await rename.call();
  // @ts-expect-error an argument of the wrong type
  await rename.call({ name: 5 });
  // @ts-expect-error no such argument
  await rename.call({ name: "Ada", age: 36 });

  const markAllRead = none.useMarkAllRead();
  const count: number = await markAllRead.call();
  // @ts-expect-error the result is not a string
  const text: string = await markAllRead.call();
  // @ts-expect-error it takes no arguments
  await markAllRead.call({ all: true });
  console.log(count, text);

  await optional.useListTasks().call({ project_id: 1 });
  await optional.useListTasks().call({ project_id: 1, limit: 5 });
  // @ts-expect-error no result, no null-safe access
  (await models.useSaveDrawing().call({ drawing: { shapes: [], cover: null } })).shapes;
  await models.useSaveDrawing().call({
    // @ts-expect-error the server tells the shapes apart by their kind
    drawing: { shapes: [{ radius: 1 }], cover: null },
  });
  const cover = new Blob(["<svg/>"], { type: "image/svg+xml" });
  same<models.BlobModel, Awaited<ReturnType<ReturnType<typeof models.useAttach>["call"]>>>(true);
  await models.useAttach().call({ cover, pages: [new File([cover], "cover.svg")] });
  // @ts-expect-error a file is not a string
  await models.useAttach().call({ cover: "<svg/>" });
  await hostile.useDelete().call({ new: 1, function: "x" });
}
