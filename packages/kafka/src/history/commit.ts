import type { EachBatchPayload } from "kafkajs";
import type { Pulse } from "./pulse.ts";

/** The group's own record of the offset is for Kafka's tools, which show lag by it: nothing here depends on it. */
export async function commitToGroup(
  payload: Pick<EachBatchPayload, "resolveOffset" | "commitOffsetsIfNecessary">,
  pulse: Pulse,
  at: { topic: string; partition: number; next: number },
): Promise<void> {
  const { topic, partition, next } = at;
  payload.resolveOffset(String(next - 1));
  try {
    const partitions = [{ partition, offset: String(next) }];
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
  } catch (error) {
    pulse.note(error);
  }
  await pulse.beat();
}
