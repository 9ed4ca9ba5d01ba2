import { describe, expect, it } from "vitest";
import { takeBatch } from "./queue.ts";
import { type QueuedRecord, queueRecord } from "./record.ts";

const quiet = () => undefined;

/** A queue of records with values of these sizes. */
const queueOf = (...sizes: number[]): QueuedRecord[] =>
  sizes.map((size) => {
    const request = { topic: "t", partition: 0, key: "", value: Buffer.alloc(size) };
    const { record, answer } = queueRecord(request, 60_000, quiet);
    answer.catch(quiet);
    return record;
  });

const sizes = (records: QueuedRecord[]) => records.map(({ request }) => request.value.length);

describe("a batch", () => {
  it("takes records from the head up to its limit of records", () => {
    const queue = queueOf(1, 2, 3, 4);
    expect(sizes(takeBatch(queue, { maxBatch: 3, maxBatchBytes: 10_000 }))).toEqual([1, 2, 3]);
    expect(sizes(queue)).toEqual([4]);
  });

  it("takes no more than its limit of bytes, but always one", () => {
    const queue = queueOf(5000, 400, 400);
    expect(sizes(takeBatch(queue, { maxBatch: 10, maxBatchBytes: 500 }))).toEqual([5000]);
    expect(sizes(takeBatch(queue, { maxBatch: 10, maxBatchBytes: 500 }))).toEqual([400]);
  });

  it("leaves out records whose callers have been answered", () => {
    const queue = queueOf(1, 2, 3);
    queue[1]?.acknowledge({ partition: 0, offset: 0, repeated: false });
    expect(sizes(takeBatch(queue, { maxBatch: 10, maxBatchBytes: 10_000 }))).toEqual([1, 3]);
  });
});
