import { decodeEvent, encodeEvent } from "@waitlist/contracts";
import { expect, test } from "vitest";
import type { Batch } from "./batch.ts";
import { allocatedFact, completedFact } from "./facts.ts";

const batch: Batch = {
  batchId: "b".repeat(64),
  waitlistId: "socialode",
  offset: 7,
  requestedAt: Date.parse("2026-01-01T00:00:00Z"),
  requestedBy: "ada",
  count: 3,
  partSize: 500,
  decision: null,
  progress: { upTo: 0, allocated: 0 },
  isOnLog: false,
  withdrawn: null,
  completed: null,
};
const decision = { taken: 1, highest: 4, expiresAt: Date.parse("2026-01-08T00:00:00Z") };
const place = {
  entryId: "a".repeat(26),
  joinOffset: 3,
  position: 4,
  inviteId: "i-abc",
  code: "ABCD-EFGH-JKMN",
};

test("facts fit the contracts, with the longest batchId too", () => {
  for (const fact of [allocatedFact(batch, decision, place), completedFact(batch, 1)]) {
    expect(decodeEvent(encodeEvent(fact))).toEqual({ kind: "event", event: fact });
  }
});

test("an invite says who asked for its batch, but nobody asked for a reclaim", () => {
  const by = (asked: Partial<Batch>) => allocatedFact({ ...batch, ...asked }, decision, place).data;
  expect(by({})).toMatchObject({ requestedBy: "ada" });
  expect(by({ requestedBy: "" })).not.toHaveProperty("requestedBy");
  expect(by({ requestedBy: "reclaim", reclaims: "i-1" })).not.toHaveProperty("requestedBy");
});

test("a fact made again is the same to the last byte", () => {
  const once = encodeEvent(allocatedFact(batch, decision, place));
  expect(encodeEvent(allocatedFact(batch, decision, place))).toEqual(once);
});

test("facts about different places and batches have different ids", () => {
  const other = { ...place, inviteId: "i-abd" };
  const ids = [
    allocatedFact(batch, decision, place),
    allocatedFact(batch, decision, other),
    completedFact(batch, 1),
    completedFact({ ...batch, batchId: "c" }, 1),
  ].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("what a batch could not allocate is its shortfall", () => {
  expect(completedFact(batch, 1).data).toMatchObject({ allocated: 1, shortfall: 2 });
});
