import type { EachBatchPayload } from "kafkajs";
import type { Log } from "../client.ts";

/** A batch's heartbeats: what they say of the membership is kept until the batch can end in order. */
export interface Pulse {
  /** Never rejects: trouble with the connection is kafkajs's to mend, and no reason to stop working. */
  beat(): Promise<void>;
  /** Asks kafkajs to join again, as soon as the batch is done. */
  note(error: unknown): void;
  /** Kafka's word that the group is being divided anew, for kafkajs to act on. */
  lost(): Error | undefined;
}

const REJOIN = [
  "REBALANCE_IN_PROGRESS",
  "ILLEGAL_GENERATION",
  "UNKNOWN_MEMBER_ID",
  "NOT_COORDINATOR_FOR_GROUP",
  "FENCED_INSTANCE_ID",
];

export function createPulse(payload: Pick<EachBatchPayload, "heartbeat">, log: Log): Pulse {
  let lost: Error | undefined;
  const note = (error: unknown) => {
    if (error instanceof Error && "type" in error && REJOIN.includes(String(error.type))) lost = error;
    else log.debug({ err: error }, "the group's coordinator could not be reached");
  };
  return {
    note,
    lost: () => lost,
    beat: async () => {
      if (lost) return;
      try {
        await payload.heartbeat();
      } catch (error) {
        note(error);
      }
    },
  };
}

/**
 * Runs `work` with heartbeats of our own, so that a slow database doesn't cost the membership; but only for
 * `patienceMs`: work that is stuck must lose its partition.
 */
export async function keepAlive<T>(
  pulse: Pulse,
  { everyMs, patienceMs }: { everyMs: number; patienceMs: number },
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - startedAt > patienceMs) clearInterval(timer);
    else void pulse.beat();
  }, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
