import type { PlaceInvite } from "@waitlist/roster";
import { eventually } from "@waitlist/testing";
import { expect, test } from "vitest";
import { createClosingWaits } from "./closing-waits.ts";
import type { CodedInvite, QueueEntry } from "./domain/choosing.ts";

const ENTRY = "a".repeat(26);
const FOREVER_MS = 60_000;

const coded = (inviteId: string, entryId = ENTRY): CodedInvite => ({
  ...{ waitlistId: "socialode", batchId: "b-1", expiresAt: 5, entryId, joinOffset: 1, position: 1, inviteId },
});

function entryWith(entryId: string, invite: Partial<PlaceInvite>): QueueEntry {
  const place = { joinOffset: 1, eventId: "e1", position: 1, joinedAt: 0, needsConfirmation: false };
  const given = { inviteId: "i-1", batchId: "b-1", offset: 2, at: 0, ...invite };
  return {
    ...{ entryId, waitlistId: "socialode", repeatIds: [], lastOffset: 2, details: null },
    places: [{ ...place, invite: given }],
  };
}
const redeemed = { how: "redeemed", offset: 7, at: 1000, seenOffset: 7, attempt: "a-1" } as const;

function queueOf(...stored: QueueEntry[]) {
  const entries = new Map(stored.map((entry) => [entry.entryId, entry]));
  const asked: string[][] = [];
  const load = async (ids: string[]) => {
    asked.push(ids);
    return new Map(ids.flatMap((id) => entries.get(id) ?? []).map((entry) => [entry.entryId, entry]));
  };
  return { entries, asked, load };
}

test("a wait ends as soon as the invite is closed, whoever has closed it", async () => {
  const queue = queueOf(entryWith(ENTRY, {}));
  const closed = createClosingWaits(queue, 1).closed(coded("i-1"), FOREVER_MS);
  await eventually(() => expect(queue.asked.length).toBeGreaterThan(2));
  queue.entries.set(ENTRY, entryWith(ENTRY, { closed: redeemed }));
  expect(await closed).toMatchObject({ state: "redeemed", attempt: "a-1", closedOffset: 7 });
});

test("after its time a wait ends with the invite as it is", async () => {
  const waits = createClosingWaits(queueOf(entryWith(ENTRY, {})), 1);
  expect(await waits.closed(coded("i-1"), 20)).toMatchObject({ state: "open" });
  expect(await waits.closed(coded("i-2"), 20)).toBeNull();
});

test("what this instance applies is seen at once, even where it comes in the middle of a look", async () => {
  const queue = queueOf(entryWith(ENTRY, {}));
  const waits = createClosingWaits(
    {
      load: async (ids) => {
        const found = await queue.load(ids);
        if (queue.asked.length === 1) {
          queue.entries.set(ENTRY, entryWith(ENTRY, { closed: redeemed }));
          waits.applied();
        }
        return found;
      },
    },
    FOREVER_MS,
  );
  expect(await waits.closed(coded("i-1"), FOREVER_MS)).toMatchObject({ state: "redeemed" });
  expect(queue.asked).toHaveLength(2);
});

test("however many wait, the queue is asked once at a time, and for nobody never", async () => {
  const other = "b".repeat(26);
  const queue = queueOf(entryWith(ENTRY, {}), entryWith(other, { inviteId: "i-2" }));
  const waits = createClosingWaits(queue, 1);
  const waiting = Array.from({ length: 50 }, (_, index) =>
    waits.closed(index % 2 ? coded("i-1") : coded("i-2", other), FOREVER_MS),
  );
  await eventually(() => expect(queue.asked.at(-1)).toHaveLength(2));
  queue.entries.set(ENTRY, entryWith(ENTRY, { closed: redeemed }));
  await Promise.all(waiting.filter((_, index) => index % 2));
  await eventually(() => expect(queue.asked.at(-1)).toEqual([other]));
  waits.close();
  expect((await Promise.all(waiting)).filter((state) => state?.state === "open")).toHaveLength(25);
  const looks = queue.asked.length;
  expect(await waits.closed(coded("i-1"), 0)).toMatchObject({ state: "redeemed" });
  expect(queue.asked).toHaveLength(looks + 1);
});

test("an outage of the database fails the waits under way, and none after it", async () => {
  const queue = queueOf(entryWith(ENTRY, { closed: redeemed }));
  let fails = true;
  const load = async (ids: string[]) => {
    if (fails) throw new Error("the database is away");
    return queue.load(ids);
  };
  const waits = createClosingWaits({ load }, 1);
  await expect(waits.closed(coded("i-1"), FOREVER_MS)).rejects.toThrow("away");
  fails = false;
  expect(await waits.closed(coded("i-1"), FOREVER_MS)).toMatchObject({ state: "redeemed" });
});
