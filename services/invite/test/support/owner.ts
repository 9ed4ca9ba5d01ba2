// An owner of the partition: the real handlers over the world's ports, following the log from the stored cursor.
import type { WaitlistEvent } from "@waitlist/contracts";
import type { HistoryBatch, HistoryHandler } from "@waitlist/kafka";
import { createFold, createProjection, rules } from "@waitlist/roster";
import { createFindReclaims } from "../../src/handlers/find-reclaims.ts";
import { createHistoryHandler } from "../../src/handlers/history.ts";
import { createRunBatch } from "../../src/handlers/run-batch.ts";
import { createScheduling } from "../../src/handlers/scheduling.ts";
import { createWithdrawBatch } from "../../src/handlers/withdraw-batch.ts";
import { type Later, weakened } from "./controls.ts";
import { SECRET } from "./reference.ts";
import { weakenedScheduling } from "./schedule-controls.ts";
import { schedulesOf } from "./schedule-store.ts";
import { type Actor, Crash, Refused, type Step } from "./turns.ts";
import { batchesOf, codesOf, definitionsOf, factsOf, queueOf, type World, withdrawalsOf } from "./world.ts";

/** How one owner works. */
export interface Plan {
  /** Records that it takes at a time, in turn. */
  chunks: number[];
  /** How far behind the stored cursor it begins: it had read the cursor long ago. */
  behind: number;
  /** How it works on several parts side by side. */
  together?: Together;
}

/** Parts that are kept together, and places that are marked by one call. */
export interface Together {
  partsTogether: number;
  markedTogether: number;
}

/** So few that small batches have several parts. */
export const PART_SIZE = 2;
/** Whole groups of parts: one is announced, part by part, while the next one is marked. */
export const IN_GROUPS: Together = { partsTogether: 4, markedTogether: 2 * PART_SIZE };
/** So few that whatever has three parts is read again half-way. */
export const PART_BY_PART: Together = { partsTogether: 2, markedTogether: PART_SIZE };
const noMetrics = { begun: () => undefined, allocated: () => undefined, finished: () => undefined };
const noLog = { info: () => undefined, error: () => undefined };

export function handlerOf(world: World, step: Step, together = IN_GROUPS): HistoryHandler<WaitlistEvent> {
  const ports = {
    queue: queueOf(world, step),
    batches: batchesOf(world, step),
    schedules: schedulesOf(world, step),
    codes: codesOf(world, step),
    definitions: definitionsOf(world, step),
    withdrawals: withdrawalsOf(world, step),
    facts: factsOf(world, step),
  };
  const fold = createFold<null>(() => null, { ...rules, ...world.weakness.rules });
  const later: Later = [];
  const handlers = {
    projection: createProjection({ store: ports.queue, withdrawals: ports.withdrawals, fold }),
    findReclaims: createFindReclaims(ports.definitions),
    runBatch: createRunBatch({
      ...ports,
      secret: SECRET,
      metrics: noMetrics,
      log: noLog,
      ...together,
      // Not the event loop's next turn, but one that the test gives.
      othersFirst: step,
    }),
    withdrawBatch: createWithdrawBatch(ports),
  };
  const handler = createHistoryHandler({
    ...ports,
    ...weakened(world, handlers, later),
    scheduling: weakenedScheduling(world, createScheduling(ports), ports),
    ...{ secret: SECRET, partSize: PART_SIZE },
  });
  return {
    ...handler,
    apply: async (batch) => {
      await handler.apply(batch);
      for (const work of later.splice(0)) await work();
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

async function follow(world: World, { chunks, behind, together }: Plan, step: Step): Promise<void> {
  const handler = handlerOf(world, step, together);
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

/**
 * Lives on after each death, with nothing in memory, until it has reached the log's end. What is refused to it it tries again
 * at once; by then nothing of the first attempt may be at work.
 */
export const owner =
  (world: World, plan: Plan): Actor =>
  async (live, atRest) => {
    for (let step = live(); ; ) {
      try {
        return await follow(world, plan, step);
      } catch (error) {
        if (error instanceof Crash) step = live();
        else if (error instanceof Refused) await atRest();
        else throw error;
      }
    }
  };
