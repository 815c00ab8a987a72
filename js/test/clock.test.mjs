// Timers, with a clock that the test moves. Of its own process, because the clock is everybody's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, timers } from "./clock.mjs";

const GC_TIME = 5 * 60 * 1000;
const { configure, registerContext } = await import("@mizan/runtime");
const { idle, Server } = await import("./server.mjs");
const server = new Server();
configure({ cache: true, fetch: server.fetch, onEvent: () => {} });

test("a context that nobody wants is forgotten after five minutes", async () => {
  const registration = registerContext("user");
  const leave = registration.subscribe(() => {});
  await idle();
  leave();
  const before = registration.getSnapshot();
  advance(GC_TIME - 1);
  assert.equal(registration.getSnapshot(), before);
  advance(1);
  assert.notEqual(registration.getSnapshot(), before);
  assert.equal(registration.getSnapshot().status, "pending");

  // The registration is still good.
  const again = registration.subscribe(() => {});
  await idle();
  assert.deepEqual(registration.getSnapshot().data, { version: 0 });
  again();
  advance(GC_TIME);
  assert.deepEqual([...timers], [], "nothing is left to wait for");
});

test("a timer that goes off too early is set again", async () => {
  const registration = registerContext("board");
  const leave = registration.subscribe(() => {});
  await idle();
  leave();
  const before = registration.getSnapshot();
  // Timers count time in their own way: against the wall clock they may be a millisecond early.
  advance(GC_TIME, 1);
  assert.equal(timers.size, 1, "the appointment stands");
  advance(1);
  assert.notEqual(registration.getSnapshot(), before);
});
