// Takes back what is open of a batch, as of the withdrawal's place in the history.
import { withdrawalIn } from "@waitlist/roster";
import type { Batch, BatchWithdrawal } from "../domain/batch.ts";
import type { ChosenPlace } from "../domain/choosing.ts";
import { withdrawnFact } from "../domain/facts.ts";
import { inviteOf, isBefore, isOpenInvite, withdrawnEntry } from "../domain/marking.ts";
import type { Batches, Facts, Queue } from "../ports.ts";
import { stillOurs, type Turn } from "./partition-lost.ts";

/** Resolves when every invite of the batch is closed and that is on the log; safe to repeat. */
export type WithdrawBatch = (withdrawal: BatchWithdrawal, turn: Turn) => Promise<void>;

export function createWithdrawBatch(deps: {
  queue: Pick<Queue, "load" | "write">;
  batches: Pick<Batches, "find" | "chosen" | "withdraw">;
  facts: Facts;
}): WithdrawBatch {
  const { queue, batches, facts } = deps;
  return async (withdrawal, turn) => {
    const said = withdrawalIn(withdrawal)?.withdrawal;
    if (!said) return;
    const { batchId, waitlistId } = withdrawal.event.data;
    const batch = await batches.find(batchId);
    // A batch that begins after its withdrawal knows of it then; one of another list isn't this list's to withdraw.
    if (batch?.waitlistId !== waitlistId || batch.offset > withdrawal.offset || batch.withdrawn) return;
    await takeBack(batch, withdrawal, turn);
    await batches.withdraw(batchId, said);
  };

  async function takeBack(batch: Batch, withdrawal: BatchWithdrawal, turn: Turn): Promise<void> {
    for (let upTo = 0, part = 0; upTo < batch.progress.upTo; part += 1) {
      const chosen = await batches.chosen(batch.batchId, part);
      const closed = await close(chosen, withdrawal);
      await facts.append(
        turn.partition,
        closed.map((place) => withdrawnFact(withdrawal, place)),
      );
      upTo += chosen.length;
      await stillOurs(turn);
    }
  }

  /** Closes what is open; returns the places whose invites this withdrawal has closed, now or in an earlier attempt. */
  async function close(chosen: ChosenPlace[], withdrawal: BatchWithdrawal): Promise<ChosenPlace[]> {
    const ids = chosen.map(({ entryId }) => entryId);
    const entries = await queue.load(ids);
    const closing = chosen.flatMap((place) => {
      const entry = entries.get(place.entryId);
      const closes = entry && isBefore(entry, withdrawal) && isOpenInvite(entry, place);
      return closes ? [withdrawnEntry(entry, withdrawal, place)] : [];
    });
    const refused = await queue.write(closing, new Set(entries.keys()));
    for (const entry of closing) entries.set(entry.entryId, entry);
    if (refused.size > 0) for (const [id, entry] of await queue.load([...refused])) entries.set(id, entry);
    return chosen.filter(
      (place) => inviteOf(entries.get(place.entryId), place)?.closed?.offset === withdrawal.offset,
    );
  }
}
