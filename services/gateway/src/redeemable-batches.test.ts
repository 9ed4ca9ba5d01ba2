import { type InviteBatch, ProblemError } from "@waitlist/contracts";
import { beforeEach, describe, expect, it } from "vitest";
import type { InviteBatches } from "./ports.ts";
import { createRedeemableBatches } from "./redeemable-batches.ts";

const LIST = "socialode";
const batch = (batchId: string, more: Partial<InviteBatch>): InviteBatch => ({
  ...{ batchId, waitlistId: LIST, status: "completed", offset: 10, count: 1, taken: 1, allocated: 1 },
  ...{ shortfall: 0, requestedAt: "2026-03-01T00:00:00.000Z", requestedBy: "ops" },
  ...more,
});
const completed = (offset: number) => ({
  completedOffset: offset,
  completedAt: "2026-03-01T00:00:01.000Z",
});

let stored: InviteBatch[];
let next: number | null;
let asks: number;
let batches: InviteBatches;

beforeEach(() => {
  stored = [batch("first", completed(20)), batch("second", completed(30))];
  next = 25;
  asks = 0;
  const reads: InviteBatches = {
    find: async (_list, id) => stored.find(({ batchId }) => batchId === id) ?? null,
    list: async () => ({ items: stored, next: null }),
    preview: () => Promise.reject(new Error("not asked for here")),
  };
  const position = async () => {
    asks += 1;
    if (next === null) throw new ProblemError("unavailable");
    return { next };
  };
  batches = createRedeemableBatches(reads, { position });
});

const statusOf = async (id: string) => (await batches.find(LIST, id))?.status;

describe("a batch whose invites are all on the log", () => {
  it("is completed once storage has them, and running before", async () => {
    expect([await statusOf("first"), await statusOf("second")]).toEqual(["completed", "running"]);
    expect(await batches.find(LIST, "second")).not.toHaveProperty("completedAt");
    expect((await batches.list(LIST, { limit: 2 })).items.map(({ status }) => status)).toEqual([
      "completed",
      "running",
    ]);
    next = 31;
    expect(await statusOf("second")).toBe("completed");
  });

  it("is running while storage can't be asked, unless it is known to have them", async () => {
    expect(await statusOf("first")).toBe("completed");
    next = null;
    expect([await statusOf("first"), await statusOf("second")]).toEqual(["completed", "running"]);
  });

  it("stays withdrawn where it was", async () => {
    stored = [batch("first", { status: "withdrawn", ...completed(40) })];
    expect(await statusOf("first")).toBe("withdrawn");
  });
});

it("storage is asked about nothing that it is known to have, nor about batches under way", async () => {
  await statusOf("first");
  await statusOf("first");
  stored = [batch("third", { status: "running" })];
  expect([await statusOf("third"), await statusOf("nobody's"), asks]).toEqual(["running", undefined, 1]);
});
