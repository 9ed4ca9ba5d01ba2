// A batch of invites, decided by what was true at its offset and carried out before anything later is looked at.
import { batchKey, type Definitions, type Withdrawals } from "@waitlist/roster";
import { allAtRest, type Logger } from "@waitlist/runtime";
import { type Batch, type Decision, isSame } from "../domain/batch.ts";
import { type ChosenPlace, choose, nothingChosen, type QueueEntry, withChosen } from "../domain/choosing.ts";
import { completedFact } from "../domain/facts.ts";
import { type AllocateDeps, createAllocate, type Fresh, PARTS_TOGETHER } from "./allocate.ts";
import { candidates, countEligible } from "./candidates.ts";
import { stillOurs, type Turn } from "./partition-lost.ts";

const NOTHING_FRESH: Fresh = { parts: [], entries: new Map() };

/** Resolves when every fact of the batch is on the log; safe to repeat from any point at which it ended. */
export type RunBatch = (asked: Batch, turn: Turn) => Promise<void>;

/** A batch's decision, and what is in memory of it: nothing where another owner's stands. */
interface Decided {
  decision: Decision;
  fresh: Fresh;
}

export interface BatchDeps extends AllocateDeps {
  definitions: Pick<Definitions, "inForce">;
  withdrawals: Pick<Withdrawals, "of">;
  log: Pick<Logger, "info" | "error">;
}

export function createRunBatch(deps: BatchDeps): RunBatch {
  const { queue, batches, definitions, withdrawals, facts, secret, metrics, log } = deps;
  const { partsTogether = PARTS_TOGETHER } = deps;
  const allocate = createAllocate(deps);
  return async (asked, turn) => {
    const startedAt = performance.now();
    const batch = await batches.register(asked);
    if (!isSame(batch, asked) || batch.isOnLog) return;
    metrics.begun(batch, turn);
    const { decision, fresh } = batch.decision
      ? { decision: batch.decision, fresh: NOTHING_FRESH }
      : await decide(batch, turn);
    const allocated = await allocate(batch, decision, turn, fresh);
    await facts.append(turn.partition, [completedFact(batch, allocated)]);
    await batches.onLog(batch.batchId);
    const seconds = (performance.now() - startedAt) / 1000;
    metrics.finished(seconds, batch.batchId);
    log.info(
      { batchId: batch.batchId, count: batch.count, allocated, seconds },
      "an invite batch is on the log",
    );
  };

  /**
   * Nothing after the batch's offset can have been applied before a decision is stored, by any owner: whoever gets
   * here without one sees the queue as of that offset, and chooses the same places. So parts that are there
   * already are right, and whoever is late finds his decision refused, and what he chose is of no use.
   */
  async function decide(batch: Batch, turn: Turn): Promise<Decided> {
    const { batchId, waitlistId, offset } = batch;
    const inForce = await definitions.inForce(waitlistId, offset);
    let decision = nothingChosen(batch, inForce?.definition.invites.lifetimeHours ?? 0);
    const withdrawn = (await withdrawals.of([batch])).get(batchKey(batch));
    const isBeforeItBegan = withdrawn !== undefined && withdrawn.offset < offset;
    if (isBeforeItBegan) await batches.withdraw(batchId, withdrawn);
    if (!inForce || isBeforeItBegan || batch.count === 0) {
      return { decision: await batches.decide(batchId, decision), fresh: NOTHING_FRESH };
    }
    const fresh = { parts: [] as ChosenPlace[][], entries: new Map<string, QueueEntry>() };
    let kept = 0;
    let unkept: ChosenPlace[][] = [];
    const keep = async () => {
      if (unkept.length > 0) await batches.keepChosen(batchId, kept, unkept);
      kept += unkept.length;
      unkept = [];
    };
    for await (const waiting of candidates(queue, batch)) {
      const chosen = choose(batch, decision, waiting, secret);
      if (chosen.length > 0) {
        if (unkept.length === partsTogether) await keep();
        // The first ones stay in memory until they are marked: of larger batches the rest is read again.
        if (kept === 0) {
          fresh.parts.push(chosen);
          for (const entry of waiting) fresh.entries.set(entry.entryId, entry);
        }
        unkept.push(chosen);
        decision = withChosen(decision, chosen);
      }
      if (decision.taken >= batch.count) break;
      await stillOurs(turn);
    }
    const counting = batch.reclaims ? null : countEligible(queue, batch, decision);
    const [eligible] = await allAtRest([counting, keep()]);
    const made = eligible === null ? decision : { ...decision, eligible };
    const stored = await batches.decide(batchId, made);
    return { decision: stored, fresh: stored === made ? fresh : NOTHING_FRESH };
  }
}
