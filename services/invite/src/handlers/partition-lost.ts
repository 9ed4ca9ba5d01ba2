import type { HistoryBatch } from "@waitlist/kafka";

/** The partition has gone to another owner: what is under way here ends, and is finished there. */
export class PartitionLost extends Error {
  override name = "PartitionLost";
}

/** What a long handler needs of the stretch of history that it works on. */
export type Turn = Pick<HistoryBatch<unknown>, "partition" | "heartbeat" | "isStale">;

/** Between the steps of something long: shows life, and throws where the partition isn't ours any more. */
export async function stillOurs(turn: Turn): Promise<void> {
  if (turn.isStale()) throw new PartitionLost(`partition ${turn.partition} has another owner`);
  await turn.heartbeat();
}
