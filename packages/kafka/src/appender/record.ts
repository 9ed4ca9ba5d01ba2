import { type AppendError, DeadlineExceeded, type Outcome } from "../errors.ts";

export interface AppendRequest {
  topic: string;
  /** Given by the caller, always: neither kafkajs's partitioner nor its metadata decides. */
  partition: number;
  key: string;
  value: Buffer;
  headers?: Record<string, string>;
  /** How long the caller waits, in milliseconds from now. */
  deadlineMs?: number;
}

export interface Appended {
  partition: number;
  /** The record is on the log at this offset. */
  offset: number;
  /** True when an earlier attempt may have put it there, too, at a lower offset: then that one is its place. */
  repeated: boolean;
}

/** A record that was taken, until its caller has an answer. */
export interface QueuedRecord {
  readonly request: AppendRequest;
  readonly bytes: number;
  /** Handed to a broker: from then on nobody can say that it was not written. */
  attempted: boolean;
  settled: boolean;
  acknowledge(appended: Appended): void;
  fail(error: AppendError): void;
}

/** What a record takes beside its key, value and headers: lengths, offsets, an allowance for the batch. */
const RECORD_OVERHEAD = 80;

export function recordBytes({ key, value, headers }: AppendRequest): number {
  let bytes = RECORD_OVERHEAD + Buffer.byteLength(key) + value.length;
  for (const [name, text] of Object.entries(headers ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(text) + 10;
  }
  return bytes;
}

/** Puts a record under its deadline; `onSettled` is called once, when its caller has been answered. */
export function queueRecord(
  request: AppendRequest,
  deadlineMs: number,
  onSettled: (outcome: "acknowledged" | Outcome) => void,
): { record: QueuedRecord; answer: Promise<Appended> } {
  const { promise: answer, resolve, reject } = Promise.withResolvers<Appended>();
  const settle = (outcome: "acknowledged" | Outcome): boolean => {
    if (record.settled) return false;
    record.settled = true;
    clearTimeout(timer);
    onSettled(outcome);
    return true;
  };
  const timer = setTimeout(() => {
    record.fail(new DeadlineExceeded(deadlineMs, outcomeOf(record)));
  }, deadlineMs);
  const record: QueuedRecord = {
    request,
    bytes: recordBytes(request),
    attempted: false,
    settled: false,
    acknowledge: (appended) => {
      if (settle("acknowledged")) resolve(appended);
    },
    fail: (error) => {
      if (settle(error.outcome)) reject(error);
    },
  };
  return { record, answer };
}

export const outcomeOf = (record: QueuedRecord): Outcome => (record.attempted ? "unknown" : "not-written");
