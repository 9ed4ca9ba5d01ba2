// An owner of the partition: the real handlers over the world's ports, following the log from the stored cursor.
import type { WaitlistEvent } from "@waitlist/contracts";
import type { HistoryBatch, HistoryHandler } from "@waitlist/kafka";
import { createFold, createProjection, type RosterRecord } from "@waitlist/roster";
import { isBatchRequest } from "../../src/domain/batch.ts";
import { createHistoryHandler } from "../../src/handlers/history.ts";
import { createBatchHandler } from "../../src/handlers/invite-batch-requested.ts";
import { SECRET } from "./reference.ts";
import { type Actor, Crash, type Step } from "./turns.ts";
import { batchesOf, definitionsOf, factsOf, queueOf, type World } from "./world.ts";

/** How one owner works. */
export interface Plan {
  /** Records that it takes at a time, in turn. */
  chunks: number[];
  /** How far behind the stored cursor it begins: it had read the cursor long ago. */
  behind: number;
}

/** So few that small batches have several parts. */
export const PART_SIZE = 2;
const noMetrics = { allocated: () => undefined, finished: () => undefined };
const noLog = { info: () => undefined, error: () => undefined };

export function handlerOf(world: World, step: Step): HistoryHandler<WaitlistEvent> {
  const queue = queueOf(world, step);
  const batches = batchesOf(world, step);
  const definitions = definitionsOf(world, step);
  const facts = factsOf(world, step);
  const inviteBatchRequested = createBatchHandler({
    ...{ queue, batches, definitions, facts, secret: SECRET, partSize: PART_SIZE },
    ...{ metrics: noMetrics, log: noLog },
  });
  const projection = createProjection({ store: queue, fold: createFold<null>(() => null) });
  if (!world.weakness.unsplitChunks) {
    return createHistoryHandler({ definitions, projection, batches, inviteBatchRequested });
  }
  const unsplit = createHistoryHandler({
    definitions,
    projection,
    batches,
    inviteBatchRequested: async () => undefined,
  });
  return {
    ...unsplit,
    apply: async (batch) => {
      await unsplit.apply(batch);
      for (const request of (batch.records as RosterRecord[]).filter(isBatchRequest))
        await inviteBatchRequested(request, batch);
    },
  };
}

export const batchAt = (world: World, first: number, next: number): HistoryBatch<WaitlistEvent> => ({
  partition: 0,
  first,
  next,
  records: world.log.slice(first, next).map((record) => ({ ...record, partition: 0, headers: {} })),
  heartbeat: async () => undefined,
  isStale: () => false,
});

async function follow(world: World, { chunks, behind }: Plan, step: Step): Promise<void> {
  const handler = handlerOf(world, step);
  for (let round = 0, back = behind; ; back = 0) {
    await step();
    let at = Math.max(0, world.cursor.next - back);
    await handler.takeOver(0, at);
    if (at >= world.log.length) return;
    for (; at < world.log.length; round += 1) {
      const next = Math.min(world.log.length, at + (chunks[round % chunks.length] ?? 1));
      await handler.apply(batchAt(world, at, next));
      await step();
      // Somebody else has moved the cursor: begin again from where it is.
      if (world.cursor.next !== at) break;
      world.assertFactsBefore(next);
      world.cursor.next = next;
      at = next;
    }
  }
}

/** Lives on after each death, with nothing in memory, until it has reached the log's end. */
export const owner =
  (world: World, plan: Plan): Actor =>
  async (live) => {
    for (;;) {
      try {
        return await follow(world, plan, live());
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
    }
  };
