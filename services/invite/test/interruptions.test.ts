// What ends a batch half-way without anybody dying: a lost partition, an outage of the log, a queue tampered with.
import { expect, test } from "vitest";
import { PartitionLost } from "../src/handlers/partition-lost.ts";
import { eventOf, type Input } from "./support/input.ts";
import { batchAt, handlerOf } from "./support/owner.ts";
import { assertAsOnPaper } from "./support/property.ts";
import { createWorld, type World } from "./support/world.ts";

const INPUTS: Input[] = [
  { op: "define", list: 0, hours: 5, reclaim: false },
  ...[0, 1, 2, 3, 4].map((who): Input => ({ op: "join", who, confirms: false })),
  { op: "batch", list: 0, id: 0, count: 5 },
  { op: "EntryLeft", who: 4, which: 99 },
];
const REQUEST = 6;
const noStep = async () => undefined;

function worldOf(): World {
  const world = createWorld();
  for (const input of INPUTS) {
    const event = eventOf(input, world.log, world.paper);
    if (event) world.append(event);
  }
  return world;
}

const allocated = ({ log }: World) => log.filter(({ event }) => event.type === "InviteAllocated").length;

/** Takes the whole log, with what the batch has put on it. */
async function finish(world: World): Promise<void> {
  for (let at = 0; at < world.log.length; ) {
    const next = world.log.length;
    await handlerOf(world, noStep).apply(batchAt(world, at, next));
    at = next;
  }
}

test("a batch whose partition is lost ends before its next part, and the next owner finishes it", async () => {
  const world = worldOf();
  const history = batchAt(world, 0, world.log.length);
  const lost = handlerOf(world, noStep).apply({ ...history, isStale: () => allocated(world) > 0 });
  await expect(lost).rejects.toBeInstanceOf(PartitionLost);
  expect(allocated(world)).toBe(2);
  await finish(world);
  expect(allocated(world)).toBe(5);
  assertAsOnPaper(world);
});

test("while the log takes nothing, nothing after the batch is applied", async () => {
  const world = worldOf();
  const history = batchAt(world, 0, world.log.length);
  const append = world.append;
  world.append = () => {
    throw new Error("the log is away");
  };
  await expect(handlerOf(world, noStep).apply(history)).rejects.toThrow("the log is away");
  expect([...world.entries.values()].every(({ lastOffset }) => lastOffset <= REQUEST)).toBe(true);
  world.append = append;
  await finish(world);
  assertAsOnPaper(world);
});

test("a chosen place that doesn't hold its invite, because somebody changed the queue, is not announced", async () => {
  const world = worldOf();
  const history = batchAt(world, 0, world.log.length);
  const interrupted = handlerOf(world, noStep).apply({ ...history, isStale: () => allocated(world) > 0 });
  await expect(interrupted).rejects.toBeInstanceOf(PartitionLost);
  const last = [...world.entries.values()].find(({ places }) => places[0]?.position === 5);
  const places = last?.places.map(({ invite: _, ...place }) => place) ?? [];
  if (last) world.entries.set(last.entryId, { ...last, places, lastOffset: 1000 });
  await handlerOf(world, noStep).apply(batchAt(world, REQUEST, REQUEST + 1));
  expect(allocated(world)).toBe(4);
  expect(world.log.at(-1)?.event).toMatchObject({ data: { allocated: 4, shortfall: 1 } });
});
