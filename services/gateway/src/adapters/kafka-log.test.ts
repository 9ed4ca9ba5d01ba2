import { createEvent, decodeEvent, partitionOf } from "@waitlist/contracts";
import { DeadlineExceeded } from "@waitlist/kafka";
import { describe, expect, it, vi } from "vitest";
import { createKafkaLog } from "./kafka-log.ts";

const event = createEvent(
  "InviteBatchRequested",
  { waitlistId: "socialode", batchId: "b-1", count: 3, requestedBy: "boss" },
  { source: "/test", at: 0 },
);
const append = vi.fn(async () => ({ partition: 5, offset: 42, repeated: false }));
const log = createKafkaLog({ append }, { partitions: 12, topicPrefix: "t." });

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
