// A batch of invites, decided by what was true at its offset and carried out before anything later is looked at.
import { batchKey, type Definitions, type Withdrawals } from "@waitlist/roster";
import type { Logger } from "@waitlist/runtime";
import { type Batch, type Decision, isSame } from "../domain/batch.ts";
import { type ChosenPlace, choose, nothingChosen, withChosen } from "../domain/choosing.ts";
import { allocatedFact, completedFact } from "../domain/facts.ts";
import { isBefore, isMarked, isUnmarked, markedEntry } from "../domain/marking.ts";
import type { Batches, Codes, Facts, Queue } from "../ports.ts";
import { candidates, countEligible } from "./candidates.ts";
import type { BatchMetrics } from "./metrics.ts";
import { stillOurs, type Turn } from "./partition-lost.ts";

/** Resolves when every fact of the batch is on the log; safe to repeat from any point at which it ended. */
export type RunBatch = (asked: Batch, turn: Turn) => Promise<void>;

export interface BatchDeps {
  queue: Queue;
  batches: Batches;
  codes: Pick<Codes, "keep">;
  definitions: Pick<Definitions, "inForce">;
  withdrawals: Pick<Withdrawals, "of">;
  facts: Facts;
  secret: string;
  metrics: BatchMetrics;
  log: Pick<Logger, "info" | "error">;
}

export function createRunBatch(deps: BatchDeps): RunBatch {
  const { queue, batches, codes, definitions, withdrawals, facts, secret, metrics, log } = deps;
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

  /** Marks and announces the chosen places from where an earlier attempt ended; returns how many invites there are. */
  async function allocate(batch: Batch, decision: Decision, turn: Turn): Promise<number> {
    const { batchId, partSize: size } = batch;
    let { upTo, allocated } = batch.progress;
    while (upTo < decision.taken) {
      const chosen = await batches.chosen(batchId, Math.floor(upTo / size));
      const marked = await mark(batch, chosen);
      await codes.keep(marked.map((place) => ({ ...place, ...about(batch, decision) })));
      await facts.append(
        turn.partition,
        marked.map((place) => allocatedFact(batch, decision, place, secret)),
      );
      upTo += chosen.length;
      allocated += marked.length;
      await batches.advance(batchId, { upTo, allocated });
      metrics.allocated(marked.length);
      await stillOurs(turn);
    }
    return allocated;
  }

  /** Marks the places whose entries have seen nothing later; returns those that hold their invite now. */
  async function mark(batch: Batch, chosen: ChosenPlace[]): Promise<ChosenPlace[]> {
    const entries = await queue.load(chosen.map(({ entryId }) => entryId));
    const marking = chosen.flatMap((place) => {
      const entry = entries.get(place.entryId);
      return entry && isBefore(entry, batch) && isUnmarked(entry, place)
        ? [markedEntry(entry, batch, place)]
        : [];
    });
    const refused = await queue.write(marking, new Set(entries.keys()));
    for (const entry of marking) entries.set(entry.entryId, entry);
    // Another owner has marked these and gone on.
    if (refused.size > 0) for (const [id, entry] of await queue.load([...refused])) entries.set(id, entry);
    const marked = chosen.filter((place) => isMarked(entries.get(place.entryId), place));
    if (marked.length < chosen.length) {
      const missing = chosen.length - marked.length;
      log.error(
        { batchId: batch.batchId, missing },
        "chosen places without their invite: the queue was changed from outside",
      );
    }
    return marked;
  }
}

const about = ({ batchId, waitlistId }: Batch, { expiresAt }: Decision) => ({
  batchId,
  waitlistId,
  expiresAt,
});
