import { eventually } from "@waitlist/testing";
import { expect, test, vi } from "vitest";
import { createIdQueue } from "./id-queue.ts";

const nothing = async () => [];

test("ids come out in the order of arrival, each once", async () => {
  const queue = createIdQueue({ limit: 10, find: nothing });
  queue.offer(["a", "b", "a"]);
  queue.offer(["c"]);
  expect(await queue.next(2)).toEqual(["a", "b"]);
  expect(await queue.next(2)).toEqual(["c"]);
});

test("what finds no room is looked for in the ledger once the rest is gone", async () => {
  const find = vi.fn(async () => ["c"]);
  const queue = createIdQueue({ limit: 2, find });
  expect(await queue.next(5)).toEqual(["c"]);
  queue.offer(["a", "b", "c"]);
  expect(queue.size()).toBe(2);
  expect(await queue.next(5)).toEqual(["a", "b"]);
  expect(find).toHaveBeenCalledTimes(1);
  expect(await queue.next(5)).toEqual(["c"]);
  expect(find).toHaveBeenCalledTimes(2);
});

test("the ledger is not asked again while nothing hints at more", async () => {
  const find = vi.fn(nothing);
  const queue = createIdQueue({ limit: 2, find });
  await queue.next(1);
  await queue.next(1);
  expect(find).toHaveBeenCalledTimes(1);
  queue.suspectMore();
  await queue.next(1);
  expect(find).toHaveBeenCalledTimes(2);
});

test("a ledger that doesn't answer is asked again", async () => {
  const find = vi.fn(nothing).mockRejectedValueOnce(new Error("away"));
  const queue = createIdQueue({ limit: 2, find });
  await expect(queue.next(1)).rejects.toThrow("away");
  await queue.next(1);
  expect(find).toHaveBeenCalledTimes(2);
});

test("whoever waits is woken by an offer, by a delayed one too, and by the end", async () => {
  const queue = createIdQueue({ limit: 2, find: nothing });
  await queue.next(1);
  const first = queue.waitForMore();
  queue.offer(["a"]);
  await first;
  await queue.next(1);
  queue.offerLater("b", 1);
  await queue.waitForMore();
  await eventually(async () => expect(await queue.next(1)).toEqual(["b"]));
  const last = queue.waitForMore();
  queue.close();
  await last;
  await queue.waitForMore();
});
