// What a partition needs of its surroundings, and what it is to them.
import type { EachBatchPayload } from "kafkajs";
import type { AdminClient } from "../admin.ts";
import type { Log } from "../client.ts";
import type { HistoryError } from "../errors.ts";
import type { HistoryMetrics } from "./metrics.ts";
import type { Settings } from "./settings.ts";
import type { PartitionState } from "./types.ts";

/** What a partition does to its group's membership; nothing once the membership has ended. */
export interface PartitionControl {
  seek(partition: number, offset: number): void;
  pause(partition: number): void;
  resume(partition: number): void;
  /** Tells the group where it is. Never rejects: only Kafka's tools depend on it. */
  commit(partition: number, next: number): Promise<void>;
}

export interface PartitionContext<E> {
  settings: Settings<E>;
  admin: AdminClient;
  metrics: HistoryMetrics;
  log: Log;
  /** The consumer is stopping. */
  stopping: AbortSignal;
  fatal(error: HistoryError): void;
}

/** One partition, from the time that the group gives it to this member until the group is divided anew. */
export interface HeldPartition {
  /** Takes it over, once `before` (its former holder in this process) has come to rest. */
  begin(before: Promise<unknown>): void;
  /** Takes what it can of a fetched batch. Rejects only with what kafkajs must know: that it has to join again. */
  process(payload: EachBatchPayload): Promise<void>;
  /** It was taken away: no further write is begun. */
  lose(): void;
  /** Resolves when nothing of it is running. */
  rest(): Promise<unknown>;
  state(): PartitionState;
}
