// A batch of invites, decided by what was true at its offset and carried out before anything later is looked at.
import { batchKey, type Definitions, type Withdrawals } from "@waitlist/roster";
import type { Logger } from "@waitlist/runtime";
import { type Batch, type Decision, isSame } from "../domain/batch.ts";
import { choose, nothingChosen, withChosen } from "../domain/choosing.ts";
import { completedFact } from "../domain/facts.ts";
import { type AllocateDeps, createAllocate } from "./allocate.ts";
import { candidates, countEligible } from "./candidates.ts";
import { stillOurs, type Turn } from "./partition-lost.ts";

/** Resolves when every fact of the batch is on the log; safe to repeat from any point at which it ended. */
export type RunBatch = (asked: Batch, turn: Turn) => Promise<void>;

export interface BatchDeps extends AllocateDeps {
  definitions: Pick<Definitions, "inForce">;
  withdrawals: Pick<Withdrawals, "of">;
  log: Pick<Logger, "info" | "error">;
}

export function createRunBatch(deps: BatchDeps): RunBatch {
  const { queue, batches, definitions, withdrawals, facts, secret, metrics, log } = deps;
  const allocate = createAllocate(deps);
  return async (asked, turn) => {
    const startedAt = performance.now();
    const batch = await batches.register(asked);
    if (!isSame(batch, asked) || batch.isOnLog) return;
    const decision = batch.decision ?? (await decide(batch, turn));
    const allocated = await allocate(batch, decision, turn);
    await facts.append(turn.partition, [completedFact(batch, allocated)]);
    await batches.onLog(batch.batchId);
    const seconds = (performance.now() - startedAt) / 1000;
    metrics.finished(seconds);
    log.info(
      { batchId: batch.batchId, count: batch.count, allocated, seconds },
      "an invite batch is on the log",
    );
  };

  /**
   * Nothing after the batch's offset can have been applied before a decision is stored, by any owner: whoever gets
   * here without one sees the queue as of that offset, and chooses the same places. So parts that are there
   * already are right, and whoever is late finds his decision refused.
   */
  async function decide(batch: Batch, turn: Turn): Promise<Decision> {
    const { batchId, waitlistId, offset } = batch;
    const inForce = await definitions.inForce(waitlistId, offset);
    let decision = nothingChosen(batch, inForce?.definition.invites.lifetimeHours ?? 0);
    const withdrawn = (await withdrawals.of([batch])).get(batchKey(batch));
    const isBeforeItBegan = withdrawn !== undefined && withdrawn.offset < offset;
    if (isBeforeItBegan) await batches.withdraw(batchId, withdrawn);
    if (!inForce || isBeforeItBegan || batch.count === 0) return batches.decide(batchId, decision);
    let part = 0;
    for await (const waiting of candidates(queue, batch)) {
      const chosen = choose(batch, decision, waiting, secret);
      if (chosen.length > 0) {
        await batches.keepChosen(batchId, part, chosen);
        decision = withChosen(decision, chosen);
        part += 1;
      }
      if (decision.taken >= batch.count) break;
      await stillOurs(turn);
    }
    if (batch.reclaims) return batches.decide(batchId, decision);
    return batches.decide(batchId, { ...decision, eligible: await countEligible(queue, batch, decision) });
  }
}
