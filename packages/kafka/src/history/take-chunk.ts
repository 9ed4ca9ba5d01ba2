import type { Chunk } from "./chunk.ts";
import { deadLetterRequests } from "./dead-letters.ts";
import { keepAlive, type Pulse } from "./pulse.ts";
import { recordId } from "./record-id.ts";
import type { Settings } from "./settings.ts";
import { inProcessSpans } from "./traces.ts";
import type { Cursor, HistoryBatch } from "./types.ts";

/**
 * Documents and read model, then dead letters, then the cursor: what the cursor has passed is done. Returns the
 * cursor that was set, or null where another owner had moved it; throws when anything is away, or the partition is.
 */
export async function takeChunk<E>(
  partition: number,
  chunk: Chunk<E>,
  cursor: Cursor | null,
  pulse: Pulse,
  settings: Settings<E>,
  taken: AbortSignal,
): Promise<Cursor | null> {
  const { group, topic, cursors, handler, deadLetters, nameOf } = settings;
  const isStale = () => taken.aborted || pulse.lost() !== undefined;
  const batch: HistoryBatch<E> = {
    partition,
    first: chunk.first,
    next: chunk.next,
    records: chunk.records,
    isStale,
    heartbeat: async () => {
      await pulse.beat();
      if (isStale()) throw new Error("the partition is being taken away");
    },
  };
  const to = { next: chunk.next, recordId: chunk.last ? recordId(chunk.last) : null };
  const pace = { everyMs: settings.heartbeatIntervalMs, patienceMs: settings.patienceMs };
  return await keepAlive(pulse, pace, async () => {
    await inProcessSpans({ group, topic, records: chunk.records, nameOf }, () => handler.apply(batch));
    if (chunk.dead.length > 0) {
      const letters = deadLetterRequests({ group, topic, partition }, deadLetters.topic, chunk.dead);
      await deadLetters.appender.appendAll(letters);
    }
    return (await cursors.advance(partition, cursor, to)) ? to : null;
  });
}
