// What the schema of generated code makes of a test's server.
import type { RequestOf } from "@mizan/runtime/testing";
import { createTestServer, problem } from "@mizan/runtime/testing";

type UuidString = string & { readonly __format: "uuid" };
type DateTimeString = string & { readonly __format: "date-time" };

interface Paper {
  id: UuidString;
  submitted: DateTimeString | null;
  versions: { at: DateTimeString; pages: [number, number] }[];
  kind: "draft" | "final";
  parent?: Paper;
}

interface PaperArgs {
  title: string;
}

interface Profile {
  id: number;
  name: string;
}

type UserParams = { user_id: number; locale?: "en" | "ar" };

interface Schema {
  contexts: {
    paper: { params: { id: UuidString }; data: { paper: Paper } };
    user: { params: UserParams; data: { user_profile: Profile; orders?: number[] } };
    notifications: { params: Record<string, never>; data: { unread: number } };
  };
  mutations: {
    rename: { args: { name: string }; result: Profile };
    // biome-ignore lint/suspicious/noConfusingVoidType: what generated code has for no arguments
    clear: { args: void; result: null };
    submit: { args: PaperArgs; result: Paper };
  };
}

const server = createTestServer<Schema>({ delay: 10, retries: 2 });
const ada: Profile = { id: 5, name: "Ada" };

server.context("user", { user_id: 5 }, { user_profile: ada });
server.context("user", { user_id: 5, locale: "ar" }, { user_profile: ada, orders: [1] });
server.context("user", ({ user_id }) => ({ user_profile: { id: user_id, name: "Ada" } }));
server.context("user", async () => ({ user_profile: ada }), { delay: 5 });
server.context("user", { user_id: 5 }, problem(404));
server.context("user", { user_id: 5 }, { user_profile: ada, orders: problem(403) });
server.context("user", () => problem(403, { detail: "Not you." }));
server.context("notifications", {}, { unread: 1 });
// Texts of a type of their own are written as texts.
const paper: { id: string; submitted: string | null; kind: "draft" } = {
  id: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
  submitted: null,
  kind: "draft",
};
const version = { at: "2026-11-22T19:48:54Z", pages: [1, 2] as [number, number] };
server.context("paper", { id: paper.id }, { paper: { ...paper, versions: [version] } });
server.context("paper", ({ id }) => ({ paper: { ...paper, id, versions: [] } }));
server.mutation("submit", ({ title }, { invalidate }) => {
  invalidate("paper", { id: title });
  return { ...paper, versions: [version], parent: { ...paper, versions: [] } };
});
server.mutation("rename", ({ name }, { invalidate }) => {
  const text: string = name;
  invalidate("user", { user_id: 5 });
  invalidate("user");
  invalidate("*");
  return { id: 5, name: text };
});
server.mutation("rename", async () => problem(422, { fields: { name: "is too short" } }));
server.mutation("rename", () => {
  throw problem(422, { fields: { name: "is too short" } });
});
server.mutation("clear", () => null, { delay: 5 });
server.mutation("clear", (args) => {
  const none: object = args;
  return none ? null : problem(403);
});
for (const request of server.requests) {
  if ("context" in request && request.context === "user") {
    const id: number = request.params.user_id;
    console.log(id);
  } else if ("mutation" in request && request.mutation === "rename") {
    const name: string = request.args.name;
    console.log(name);
  }
}
export const asked: RequestOf<Schema>[] = [
  { context: "user", params: { user_id: 5 } },
  { mutation: "rename", args: { name: "Ada" } },
];

// @ts-expect-error there is no such context
server.context("users", { user_id: 5 }, { user_profile: ada });
// @ts-expect-error nor such a param
server.context("user", { id: 5 }, { user_profile: ada });
// @ts-expect-error of another type
server.context("user", { user_id: "5" }, { user_profile: ada });
// @ts-expect-error no text at all
server.context("paper", { id: 5 }, problem(404));
// @ts-expect-error not one of the texts
server.context("paper", ({ id }) => ({ paper: { ...paper, id, versions: [], kind: "other" } }));
// @ts-expect-error of another length
server.mutation("submit", () => ({ ...paper, versions: [{ at: "", pages: [1] }] }));
// @ts-expect-error a param that every one has is missing
server.context("user", {}, { user_profile: ada });
// @ts-expect-error a member is missing
server.context("user", { user_id: 5 }, {});
// @ts-expect-error it has no such member
server.context("user", { user_id: 5 }, { user_profile: ada, user_order: 1 });
// @ts-expect-error the member is something else
server.context("user", { user_id: 5 }, { user_profile: { id: 5 } });
// @ts-expect-error what an answer gives is checked, too
server.context("user", () => ({ user_profile: 5 }));
// @ts-expect-error later as well
server.context("user", async () => ({ user_profile: 5 }));
// @ts-expect-error its params have a type
server.context("user", ({ id }) => ({ user_profile: { ...ada, id } }));
// @ts-expect-error there is no such mutation
server.mutation("renamed", () => ada);
// @ts-expect-error it has no such argument
server.mutation("rename", ({ title }) => ({ ...ada, name: title }));
// @ts-expect-error the result is something else
server.mutation("rename", () => "Ada");
// @ts-expect-error a result is missing
server.mutation("rename", () => {});
server.mutation("clear", (_, { invalidate }) => {
  // @ts-expect-error there is no such context
  invalidate("users");
  // @ts-expect-error a date is no uuid
  const id: UuidString = "" as DateTimeString;
  invalidate("paper", { id });
  // @ts-expect-error nor such a param
  invalidate("user", { id: 5 });
  return null;
});
// @ts-expect-error no argument has this name
server.mutation("rename", () => problem(422, { fields: { nmae: "is too short" } }));
// @ts-expect-error what was asked for is not for a test to change
server.requests.push({ context: "user", params: { user_id: 5 } });
// @ts-expect-error an answer's time is a number
server.mutation("clear", () => null, { delay: "5" });

// Without a schema every name is right.
const any = createTestServer();
any.context("user", { user_id: 5 }, { user_profile: ada });
any.context("board", ({ id }) => ({ id }));
any.mutation("rename", ({ name }, { invalidate }) => {
  invalidate("user", { user_id: 5 });
  return { name };
});
// @ts-expect-error a param is no object, whatever the server
any.context("user", { user_id: {} }, {});

{
  using block = createTestServer<Schema>();
  block.offline();
}
