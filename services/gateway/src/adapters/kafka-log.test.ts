import { createEvent, decodeEvent, partitionOf } from "@waitlist/contracts";
import { DeadlineExceeded } from "@waitlist/kafka";
import { describe, expect, it, vi } from "vitest";
import { createKnownLog } from "../known-log.ts";
import { LogReplaced } from "../ports.ts";
import { createKafkaLog } from "./kafka-log.ts";

const event = createEvent(
  "InviteBatchRequested",
  { waitlistId: "socialode", batchId: "b-1", count: 3, requestedBy: "boss" },
  { source: "/test", at: 0 },
);
const append = vi.fn(async () => ({ partition: 5, offset: 42, repeated: false }));
const error = vi.fn();
const logOver = (known = createKnownLog({ error })) =>
  createKafkaLog({ append }, { partitions: 12, topicPrefix: "t.", known });
const log = logOver();
const acknowledge = (offset: number) =>
  append.mockResolvedValueOnce({ partition: 5, offset, repeated: false });

describe("the log", () => {
  it("takes an event under its list's key, in its list's partition", async () => {
    expect(await log.append(event)).toEqual({ partition: 5, offset: 42 });
    expect(append).toHaveBeenCalledWith({
      topic: "t.waitlist.events",
      partition: partitionOf("socialode", 12),
      key: "socialode",
      value: expect.any(Buffer),
    });
    const [{ value }] = append.mock.lastCall as unknown as [{ value: Buffer }];
    expect(decodeEvent(value)).toEqual({ kind: "event", event });
  });

  it.each([
    ["not-written", "Nothing was written"],
    ["unknown", "not known whether"],
  ] as const)(
    "is unavailable when it doesn't acknowledge, and says what is known: %s",
    async (outcome, said) => {
      append.mockRejectedValueOnce(new DeadlineExceeded(5000, outcome));
      await expect(log.append(event)).rejects.toMatchObject({
        code: "unavailable",
        retryAfter: 2,
        message: expect.stringContaining(said),
      });
    },
  );
});

describe("a log that is shorter than it was", () => {
  it("by what it acknowledged before is not ours: what is on it is not accepted, and no more is put there", async () => {
    const known = createKnownLog({ error });
    const ours = logOver(known);
    acknowledge(41);
    await ours.append(event);
    acknowledge(0);
    await expect(ours.append(event)).rejects.toThrow(LogReplaced);
    expect(error).toHaveBeenCalledOnce();
    expect(error.mock.lastCall?.[1]).toContain("Runbook: docs/runbooks/recreated-topic.md");
    expect(known.isOurs()).toBe(false);

    append.mockClear();
    await expect(ours.append(event)).rejects.toMatchObject({ status: 503, name: "LogReplaced" });
    expect(append).not.toHaveBeenCalled();
  });

  it("by storage's word is none of ours either, at the first record", async () => {
    const known = createKnownLog({ error });
    known.learn(partitionOf("socialode", 12), 7);
    known.learn(partitionOf("socialode", 12), 3);
    acknowledge(6);
    await expect(logOver(known).append(event)).rejects.toThrow(LogReplaced);
  });

  it("isn't meant by answers that come in another order than they were written", async () => {
    const known = createKnownLog({ error });
    const ours = logOver(known);
    const late = Promise.withResolvers<{ partition: number; offset: number; repeated: boolean }>();
    append.mockReturnValueOnce(late.promise);
    const first = ours.append(event);
    acknowledge(9);
    await ours.append(event);
    late.resolve({ partition: 5, offset: 8, repeated: false });
    expect(await first).toEqual({ partition: 5, offset: 8 });
    expect(known.isOurs()).toBe(true);
  });
});
