// What the types of a Django application let through and what they do not: each `@ts-expect-error`
// is an error if the line below it compiles.
import type { ReactElement } from "react";
import * as plain from "../cases/plain_strings/out/index.js";
import * as single from "../cases/single/out/index.js";
import * as django from "../cases/types/out/index.js";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(same: Same<A, B>): void;
declare const order: django.Order;

export function strings(): void {
  const text: string = order.placed;
  // @ts-expect-error not every text is a moment
  const moment: django.DateTimeString = text;
  // @ts-expect-error a moment is no day
  const day: django.DateString = order.placed;
  // @ts-expect-error a number has lost digits
  const total: django.DecimalString = 19.9;
  const date: Date = new Date(order.placed);
  // @ts-expect-error it is text: JSON has no dates
  order.placed.getTime();
  const cast = "2026-11-22" as django.DateString;
  // @ts-expect-error a moment is never equal to a day
  console.log(moment, day, total, date, order.placed === cast);
  console.log(order.due === cast, order.total === "1.00");
  // @ts-expect-error a day is not the name of a person
  const named: { name: django.UuidString } = { name: cast };
  // A folder of its own has the same type.
  const same_brand: typeof order.id = "" as string & { readonly __format: "uuid" };
  console.log(named, same_brand);

  same<plain.Order["placed"], string>(true);
  same<plain.Order["total"], string>(true);
}

export function models(): void {
  same<typeof order.state, "open" | "paid" | "sent">(true);
  same<typeof order.priority, 1 | 2>(true);
  // @ts-expect-error no such state
  if (order.state === "lost") return;
  same<typeof order.due, django.DateString | null>(true);
  // @ts-expect-error there may be no due date
  order.due.length;
  // @ts-expect-error what may be null is there all the same
  const without: django.Order = { ...order, due: undefined };
  same<(typeof order.by_state)["open"], number | undefined>(true);
  // @ts-expect-error there may be nothing on that day
  order.by_day["2026-11-22"].length;
  const [opening] = order.openings;
  same<typeof opening, [django.TimeString, django.TimeString] | undefined>(true);
  // @ts-expect-error an opening has a beginning and an end
  opening?.[2];
  // @ts-expect-error nobody knows what it is
  order.extra.name;
  same<typeof order.constructor, string>(true);
  console.log(without);

  const { paid_with } = order;
  // @ts-expect-error it may not be paid yet
  paid_with.kind;
  switch (paid_with?.kind) {
    case "card":
      paid_with.last4.length;
      // @ts-expect-error a card has no IBAN
      paid_with.iban;
      break;
    case "transfer":
      paid_with.iban.length;
      break;
    case "voucher":
      same<typeof paid_with.amount, django.DecimalString>(true);
      break;
    // @ts-expect-error no such kind
    case "cash":
      break;
    default:
      same<typeof paid_with, null>(true);
  }

  const shelf = django.useCategories().data?.[0];
  same<typeof shelf, django.Category | undefined>(true);
  shelf?.parent?.parent?.children[0]?.name.length;
  // @ts-expect-error there may be none in it
  shelf?.children[0].name;

  same<NonNullable<ReturnType<typeof django.useOrders>["data"]>["items"], django.Order[]>(true);
  same<django.PageBookOrNull["items"], (django.Book | null)[]>(true);
  same<django.PageShopTask["items"], django.ShopTask[]>(true);
  // @ts-expect-error two classes of one name are two types
  const task: django.ShopTask = {} as django.LibraryTask;
  const setting: django.Setting = { a: [1, "b", null, { c: [true] }] };
  // @ts-expect-error a setting is not a date
  const wrong: django.Setting = { a: [new Date()] };
  console.log(task, setting, wrong);
}

export async function args(): Promise<void> {
  const place = django.usePlace();
  const address = { street: "Long Acre" };
  // What has a default may be left out, and be `undefined`.
  const draft: django.Draft = {
    address: { ...address, zip: undefined },
    pay: { kind: "voucher", amount: 5 },
    due: "2026-11-22",
    discount: undefined,
    labels: [{ text: "fragile" }],
  };
  same<Awaited<ReturnType<typeof place.call>>, django.Order>(true);
  // What people type needs no cast, and what the server has sent fits as it is.
  await place.call({ draft, key: "6f1c1c0e-3d2b-4a9c-9a55-2f1f0c1d7f10" });
  await place.call({ draft: { ...draft, due: order.due }, key: order.id, gift: null });
  // @ts-expect-error the server tells payments apart by their kind
  await place.call({ draft: { ...draft, pay: { last4: "4242" } }, key: "" });
  // @ts-expect-error a required argument is missing
  await place.call({ draft });
  // @ts-expect-error not one of the states
  await place.call({ draft: { ...draft, state: "lost" }, key: "" });
  // @ts-expect-error not one of the colours
  await place.call({ draft: { ...draft, labels: [{ text: "", colour: "blue" }] }, key: "" });
  // @ts-expect-error a draft that is read has no such member
  draft.total;

  const refund = django.useRefund();
  await refund.call({ order_id: order.id, amount: order.total });
  await refund.call({ order_id: order.id, amount: 5 });
  // @ts-expect-error required, and so not null
  await refund.call({ order_id: order.id, amount: null });
  same<typeof refund.data, django.DecimalString | undefined>(true);
  await django.useConfigure().call({ settings: { theme: "dark" } });
}

export function Providers(): ReactElement[] {
  return [
    <django.OrderProvider key="1" order_id={order.id} />,
    <django.OrderProvider key="2" order_id="6f1c1c0e-3d2b-4a9c-9a55-2f1f0c1d7f10" since={null} />,
    // @ts-expect-error an id is text
    <django.OrderProvider key="3" order_id={5} />,
    <django.LibraryProvider key="4" shelf={3} />,
    // @ts-expect-error there is no such shelf
    <django.LibraryProvider key="5" shelf={4} />,
    <django.ShopProvider key="6" state="open" />,
    // @ts-expect-error no such state
    <django.ShopProvider key="7" state="lost" />,

    <single.UserProvider key="8" class={1} default="x" />,
    // @ts-expect-error a required param is missing
    <single.UserProvider key="9" />,
  ];
}
