// Invites whose time is over: the timer only proposes that they expire; what becomes of them the log decides.
import { partitionOf, type WaitlistEvent } from "@waitlist/contracts";
import type { Definitions, Position } from "@waitlist/roster";
import type { Batch } from "../domain/batch.ts";
import type { ChosenPlace } from "../domain/choosing.ts";
import { expiredFact } from "../domain/facts.ts";
import { isOpenInvite } from "../domain/marking.ts";
import type { Batches, ExpiredBatches, Proposals, Queue } from "../ports.ts";

/** Batches that are taken up in one turn; the rest waits for the next one. */
const AT_ONCE = 1000;
/** Batches whose proposals aren't applied yet, at most: until there is room, no other is taken up. */
const REMEMBERED = 10_000;

export interface ExpiryDeps {
  batches: Pick<Batches, "chosen">;
  expired: ExpiredBatches;
  queue: Pick<Queue, "load">;
  definitions: Pick<Definitions, "inForce">;
  proposals: Proposals;
  /** How far this instance has taken a partition: null where it is another's. */
  position: (partition: number) => Position | null;
  partitions: number;
  /** Expiries put on the log, those that come too late or twice included. */
  proposed: (count: number) => void;
  /** In milliseconds. One that goes wrong, or back, only moves the moment of a proposal. */
  clock: () => number;
  /** How many batches are remembered at most. */
  remembered?: number;
}

/** One turn of the timer, which ends early at the stop. Throws on an outage; whatever it has done then holds. */
export type ProposeExpiries = (stop: AbortSignal) => Promise<void>;

/**
 * Batches are looked for, not invites: all of a batch expire at one time. A batch is settled once the queue shows each
 * of its invites closed, or its place ended: both are for good, so anybody may say so at any time. Nothing but the
 * proposals that are on their way is kept in memory, and forgetting those only costs a repetition.
 */
export function createExpiry(deps: ExpiryDeps): ProposeExpiries {
  const { batches, expired, queue, definitions, proposals, position, proposed, clock } = deps;
  const { partitions, remembered = REMEMBERED } = deps;
  /** By batchId: the offset that its partition must have been taken to before the batch is looked at again. */
  const underWay = new Map<string, { partition: number; until: number }>();
  const partitionFor = ({ waitlistId }: Batch) => partitionOf(waitlistId, partitions);

  function forgetApplied(): void {
    for (const [batchId, { partition, until }] of underWay) {
      const reached = position(partition);
      if (!reached || reached.next >= until) underWay.delete(batchId);
    }
  }

  async function takeUp(): Promise<Batch[]> {
    const room = Math.min(AT_ONCE, remembered - underWay.size);
    const taken: Batch[] = [];
    if (room <= 0) return taken;
    for await (const batch of expired.due(clock())) {
      if (!position(partitionFor(batch))?.goesOn || underWay.has(batch.batchId)) continue;
      taken.push(batch);
      if (taken.length >= room) break;
    }
    return taken;
  }

  /** Proposes the end of what is open, part by part; false where it had to leave off. */
  async function propose(batch: Batch, stop: AbortSignal): Promise<boolean> {
    const { decision, batchId } = batch;
    const partition = partitionFor(batch);
    const requeue = await saysRequeue(batch);
    for (let seen = 0, part = 0; seen < (decision?.taken ?? 0); part += 1) {
      if (stop.aborted || !position(partition)?.goesOn) return false;
      const chosen = await batches.chosen(batchId, part);
      const facts = await expiriesAmong(chosen, batch, requeue);
      if (facts.length > 0) {
        underWay.set(batchId, { partition, until: await proposals.propose(partition, facts) });
        proposed(facts.length);
      }
      seen += chosen.length;
    }
    return true;
  }

  const saysRequeue = async ({ waitlistId }: Batch): Promise<boolean> =>
    (await definitions.inForce(waitlistId))?.definition.invites.requeue === "place";

  async function expiriesAmong(
    chosen: ChosenPlace[],
    { waitlistId, decision }: Batch,
    requeue: boolean,
  ): Promise<WaitlistEvent[]> {
    const entries = await queue.load(chosen.map(({ entryId }) => entryId));
    // The time is that of the list's rule, and not this clock's: whoever proposes, it is the same fact.
    const said = { requeue, at: decision?.expiresAt ?? 0 };
    return chosen
      .filter((place) => isOpenInvite(entries.get(place.entryId), place))
      .map((place) => expiredFact(waitlistId, place, said));
  }

  return async (stop) => {
    forgetApplied();
    for (const batch of await takeUp()) {
      if (stop.aborted) return;
      const isSeen = await propose(batch, stop);
      if (isSeen && !underWay.has(batch.batchId)) await expired.settle(batch.batchId);
    }
  };
}
