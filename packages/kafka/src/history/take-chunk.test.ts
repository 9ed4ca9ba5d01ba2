import { describe, expect, it } from "vitest";
import type { AppendRequest } from "../appender/index.ts";
import { cutChunk } from "./chunk.ts";
import { message } from "./messages.fixture.ts";
import { recordId } from "./record-id.ts";
import { withDefaults } from "./settings.ts";
import { takeChunk } from "./take-chunk.ts";
import type { HistoryBatch } from "./types.ts";

const quietPulse = { beat: async () => undefined, note: () => undefined, lost: () => undefined };

/** Takes one good record and one that is poison; gives what was done, in order. */
async function take(
  change: { moved?: boolean; apply?: (batch: HistoryBatch<string>) => Promise<void> } = {},
) {
  const done: unknown[] = [];
  const letters: AppendRequest[] = [];
  const settings = withDefaults<string>({
    group: "storage",
    topic: "events",
    decode: (value) =>
      value?.toString() === "poison"
        ? { kind: "poison", cause: "no JSON" }
        : { kind: "event", event: String(value) },
    cursors: {
      load: async () => null,
      advance: async (_partition, from, to) => {
        done.push({ from, to });
        return change.moved ?? true;
      },
    },
    handler: {
      takeOver: async () => undefined,
      apply: async (batch) => {
        done.push(batch.records.map(({ event }) => event));
        await change.apply?.(batch);
      },
    },
    deadLetters: {
      topic: "storage.dead-letters",
      appender: {
        appendAll: async (requests) => {
          letters.push(...requests);
          done.push("dead letters");
          return [];
        },
      },
    },
    onFatal: () => undefined,
  });
  const messages = [message(7, "good"), message(8, "poison")];
  const chunk = cutChunk(messages, { partition: 1, next: 7 }, 10, settings.decode);
  const cursor = { next: 7, recordId: "before" };
  const taken = new AbortController();
  const result = takeChunk(1, chunk, cursor, quietPulse, settings, taken.signal);
  const [outcome] = await Promise.allSettled([result]);
  return { done, letters, outcome, messages };
}

describe("taking a chunk", () => {
  it("applies it, sets the dead letters aside, and only then moves the cursor", async () => {
    const { done, outcome, messages } = await take();
    const to = { next: 9, recordId: recordId(messages[1] ?? message(0, "")) };
    expect(done).toEqual([["good"], "dead letters", { from: { next: 7, recordId: "before" }, to }]);
    expect(outcome).toEqual({ status: "fulfilled", value: to });
  });

  it("addresses a dead letter by the place of the record on the log", async () => {
    const { letters } = await take();
    expect(letters).toEqual([
      {
        topic: "storage.dead-letters",
        partition: 0,
        key: "1:8",
        value: Buffer.from("poison"),
        headers: {
          cause: "no JSON",
          group: "storage",
          topic: "events",
          partition: "1",
          offset: "8",
          bytes: "6",
          key: "list",
        },
      },
    ]);
  });

  it("says so when another owner has moved the cursor", async () => {
    expect((await take({ moved: false })).outcome).toEqual({ status: "fulfilled", value: null });
  });

  it("moves nothing when it can't be applied", async () => {
    const { done, outcome } = await take({ apply: () => Promise.reject(new Error("away")) });
    expect(done).toEqual([["good"]]);
    expect(outcome.status).toBe("rejected");
  });
});
