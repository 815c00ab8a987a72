// What the schema of generated code makes of a test's server.
import type { RequestOf } from "@mizan/runtime/testing";
import { createTestServer, problem } from "@mizan/runtime/testing";

interface Profile {
  id: number;
  name: string;
}

type UserParams = { user_id: number; locale?: "en" | "ar" };

type Schema = {
  contexts: {
    user: { params: UserParams; data: { user_profile: Profile; orders?: number[] } };
    notifications: { params: Record<string, never>; data: { unread: number } };
  };
  mutations: {
    rename: { args: { name: string }; result: Profile };
    clear: { args: Record<string, never>; result: null };
  };
};

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
