import type { QueuedRecord } from "./record.ts";

/** Expired records at the head would else pile up while no broker can be reached. */
export function dropSettled(queue: QueuedRecord[]): void {
  while (queue[0]?.settled) queue.shift();
}

/** The next records from the head, as many as one batch may hold. */
export function takeBatch(
  queue: QueuedRecord[],
  limits: { maxBatch: number; maxBatchBytes: number },
): QueuedRecord[] {
  const batch: QueuedRecord[] = [];
  let bytes = 0;
  for (;;) {
    dropSettled(queue);
    const [head] = queue;
    if (
      !head ||
      batch.length >= limits.maxBatch ||
      (batch.length > 0 && bytes + head.bytes > limits.maxBatchBytes)
    ) {
      return batch;
    }
    queue.shift();
    batch.push(head);
    bytes += head.bytes;
  }
}
