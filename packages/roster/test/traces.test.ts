// Histories that once broke an earlier design, each by name.
import { createEvent, type DataOf, type EventType } from "@waitlist/contracts";
import { describe, expect, test } from "vitest";
import {
  currentPlace,
  type EntryEventType,
  type EntryRecord,
  type RosterRecord,
  statusOf,
} from "../src/entry.ts";
import { createFold } from "../src/fold.ts";
import { createProjection } from "../src/projection.ts";
import { createModel, evolve } from "./support/model.ts";

const A = "a".repeat(26);
const B = "b".repeat(26);
const list = { waitlistId: "first" };

const record = <T extends EntryEventType>(offset: number, type: T, data: DataOf<T>, id = `e${offset}`) =>
  ({
    offset,
    timestamp: offset,
    event: createEvent(type as EventType, data as DataOf<EventType>, { source: "/test", at: 0, id }),
  }) as EntryRecord;

const join = (offset: number, entryId: string, id?: string) =>
  record(
    offset,
    "WaitlistJoined",
    { ...list, entryId, email: "x@example.com", needsConfirmation: false },
    id,
  );
const erased = (offset: number, entryId: string, joinOffset: number) =>
  record(offset, "EntryErased", { ...list, entryId, joinOffset });
const left = (offset: number, entryId: string, joinOffset: number) =>
  record(offset, "EntryLeft", { ...list, entryId, joinOffset });
const allocated = (offset: number, entryId: string, joinOffset: number) =>
  record(offset, "InviteAllocated", {
    ...{ ...list, entryId, joinOffset, inviteId: "i-1", code: "AAAA-AAAA-AAAA", batchId: "b-1" },
    ...{ position: 1, expiresAt: "2030-01-01T00:00:00Z" },
  });

const redeemed = (offset: number, entryId: string, joinOffset: number, attempt = "a") =>
  record(offset, "InviteRedeemed", { ...list, entryId, joinOffset, inviteId: "i-1", attempt });
const undeliverable = (offset: number, entryId: string, joinOffset: number) =>
  record(offset, "EntryUndeliverable", {
    ...{ ...list, entryId, joinOffset, mailId: `welcome:${entryId}:${joinOffset}` },
    ...{ cause: "bounced", source: "report" },
  });
const batchWithdrawn = (offset: number): RosterRecord => {
  const data = { ...list, batchId: "b-1", requestedBy: "boss" };
  return {
    offset,
    timestamp: offset,
    event: createEvent("InviteBatchWithdrawn", data, { source: "/test", at: 0 }),
  };
};

/** Applies chunks to a database in which the last write of a chunk may be lost to a crash. */
function createOwner() {
  const database = createModel({});
  const newProjection = () => createProjection({ ...database, fold: createFold(evolve) });
  let projection = newProjection();
  const apply = (records: RosterRecord[]) => {
    const first = records[0]?.offset ?? 0;
    return projection.apply({ partition: 0, first, next: first + records.length, records });
  };
  return {
    apply,
    /** Folds the whole chunk, but only this person's document gets written before the crash. */
    applyOnly: async (entryId: string, records: EntryRecord[]) => {
      const ids = [...new Set(records.map(({ event }) => event.data.entryId))];
      const known = await database.store.load(ids);
      const scratch = createModel({});
      await scratch.store.write([...known.values()], new Set());
      const first = records[0]?.offset ?? 0;
      const attempt = createProjection({ ...database, store: scratch.store, fold: createFold(evolve) });
      const { entries } = await attempt.apply({ partition: 0, first, next: first + records.length, records });
      const written = entries.get(entryId);
      if (written) await database.store.write([written], new Set(known.keys()));
      projection = newProjection();
    },
    entry: async (entryId: string) => (await database.entries()).find((entry) => entry.entryId === entryId),
    positions: async (entryId: string) =>
      (await database.entries())
        .find((entry) => entry.entryId === entryId)
        ?.places.map(({ position }) => position),
  };
}

describe("traces that once broke it", () => {
  test("who is erased and joins again in one batch keeps both numbers, whatever was written before the crash", async () => {
    const owner = createOwner();
    const batch = [join(0, A), erased(1, A, 0), join(2, B), join(3, A)];
    await owner.applyOnly(A, batch);
    await owner.apply(batch);
    expect(await owner.positions(A)).toEqual([1, 3]);
    expect(await owner.positions(B)).toEqual([2]);
  });

  test("a crash after one document, before the next: the replay gives nobody a number twice", async () => {
    const owner = createOwner();
    const batch = [join(0, A), join(1, B)];
    await owner.applyOnly(A, batch);
    await owner.apply(batch);
    expect(await owner.positions(A)).toEqual([1]);
    expect(await owner.positions(B)).toEqual([2]);
  });

  test("a repeat delivered again after the erasure brings nobody back", async () => {
    const owner = createOwner();
    await owner.apply([join(0, A, "e1"), join(1, A, "e2"), erased(2, A, 0), join(3, A, "e2")]);
    const entry = await owner.entry(A);
    expect(entry?.details).toBeNull();
    expect(entry?.places).toHaveLength(1);
  });

  test("an erasure that names a former place leaves the next one, and erases once it is proposed again", async () => {
    const owner = createOwner();
    await owner.apply([join(0, A), left(1, A, 0), join(2, A), erased(3, A, 0)]);
    expect((await owner.entry(A))?.details).not.toBeNull();
    await owner.apply([erased(4, A, 2)]);
    expect((await owner.entry(A))?.details).toBeNull();
  });

  test("an invite allocated after the departure opens nothing", async () => {
    const owner = createOwner();
    await owner.apply([join(0, A)]);
    const { effects } = await owner.apply([left(1, A, 0), allocated(2, A, 0)]);
    const entry = await owner.entry(A);
    expect(entry && statusOf(currentPlace(entry))).toBe("left");
    expect(effects.at(-1)?.outcome).toEqual({ kind: "none" });
  });

  test("an invite of a batch that was withdrawn before it was allocated is never open", async () => {
    const owner = createOwner();
    await owner.apply([join(0, A), batchWithdrawn(1)]);
    await owner.apply([allocated(2, A, 0), redeemed(3, A, 0)]);
    const entry = await owner.entry(A);
    expect(entry && statusOf(currentPlace(entry))).toBe("withdrawn");
    expect(entry && currentPlace(entry).invite?.closed).toMatchObject({ how: "withdrawn", offset: 1 });
  });

  test("a batch withdrawn before a redemption that stands later on the log was withdrawn first", async () => {
    const owner = createOwner();
    await owner.apply([join(0, A), allocated(1, A, 0)]);
    const { effects } = await owner.apply([batchWithdrawn(2), redeemed(3, A, 0)]);
    expect(effects[0]?.outcome).toMatchObject({
      kind: "changed",
      place: { invite: { closed: { how: "withdrawn", offset: 2, seenOffset: 3 } } },
    });
  });

  test("a redemption that stands before its allocation is told when the allocation is read", async () => {
    const owner = createOwner();
    const early = await owner.apply([join(0, A), redeemed(1, A, 0)]);
    expect(early.effects[1]?.outcome).toEqual({ kind: "none" });
    const late = await owner.apply([allocated(2, A, 0)]);
    expect(late.effects[0]?.outcome).toMatchObject({
      place: { invite: { closed: { how: "redeemed", offset: 1 } } },
    });
  });

  test("of two attempts to redeem, the first on the log wins, in a replay too", async () => {
    const owner = createOwner();
    const records = [join(0, A), allocated(1, A, 0), redeemed(2, A, 0, "one"), redeemed(3, A, 0, "two")];
    for (let replay = 0; replay < 2; replay++) {
      const { effects } = await owner.apply(records);
      expect(effects.map(({ outcome }) => outcome.kind)).toEqual(["placed", "changed", "changed", "none"]);
      expect((await owner.entry(A))?.places[0]?.invite?.closed?.attempt).toBe("one");
    }
  });

  test("a join that one service can read only in part takes the same place there", async () => {
    const [whole, partly] = [createOwner(), createOwner()];
    await whole.apply([join(0, A), join(1, B)]);
    await partly.apply([{ ...join(0, A), unreadable: "name: not text" }, join(1, B)]);
    expect(await partly.positions(B)).toEqual(await whole.positions(B));
  });
});

describe("a replay tells what the first run told", () => {
  test("so that what a crash cut off can be finished", async () => {
    const owner = createOwner();
    const batch = [join(0, A), join(1, A, "again"), allocated(2, A, 0), left(3, A, 0)];
    const first = await owner.apply(batch);
    const second = await owner.apply(batch);
    const kinds = (run: typeof first) => run.effects.map(({ outcome }) => outcome.kind);
    expect(kinds(first)).toEqual(["placed", "repeated", "changed", "changed"]);
    expect(kinds(second)).toEqual(["placed", "none", "changed", "changed"]);
  });
});

describe("an address that takes no mail", () => {
  const withoutNote = (entry: Awaited<ReturnType<ReturnType<typeof createOwner>["entry"]>>) =>
    entry?.places.map(({ undeliverableOffset: _, ...place }) => [place, statusOf(place)]);

  test("is noted with its place, and nothing else of any place changes", async () => {
    const [told, untold] = [createOwner(), createOwner()];
    const rest = [allocated(3, A, 0), redeemed(4, A, 0), left(5, A, 0), join(6, A)];
    await told.apply([join(0, A), join(1, B), undeliverable(2, A, 0), ...rest]);
    await untold.apply([join(0, A), join(1, B), undeliverable(2, A, 99), ...rest]);
    expect((await told.entry(A))?.places[0]?.undeliverableOffset).toBe(2);
    expect(withoutNote(await told.entry(A))).toEqual(withoutNote(await untold.entry(A)));
    expect((await told.entry(A))?.places[1]).not.toHaveProperty("undeliverableOffset");
    // A departure in its place would be seen.
    const gone = createOwner();
    await gone.apply([join(0, A), join(1, B), left(2, A, 0), ...rest]);
    expect(withoutNote(await gone.entry(A))).not.toEqual(withoutNote(await untold.entry(A)));
  });

  test("is that since the first record that says so, told by it in a replay too", async () => {
    const owner = createOwner();
    const batch = [join(0, A), undeliverable(1, A, 0), undeliverable(2, A, 0)];
    for (let replay = 0; replay < 2; replay++) {
      const { effects } = await owner.apply(batch);
      expect(effects.map(({ outcome }) => outcome.kind)).toEqual(["placed", "changed", "none"]);
      expect((await owner.entry(A))?.places[0]?.undeliverableOffset).toBe(1);
    }
  });

  test("is one of a place that is open: whoever has left is not asked about", async () => {
    const owner = createOwner();
    await owner.apply([join(0, A), erased(1, A, 0), undeliverable(2, A, 0)]);
    expect((await owner.entry(A))?.places[0]).not.toHaveProperty("undeliverableOffset");
    expect((await owner.entry(A))?.details).toBeNull();
  });
});
