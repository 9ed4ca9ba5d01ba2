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
/** Batches that are looked at together: many have one invite alone, and so they share the log's acknowledgements. */
const TOGETHER = 8;
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
    let requeue: boolean | undefined;
    for (let seen = 0, part = 0; seen < (decision?.taken ?? 0); part += 1) {
      if (stop.aborted || !position(partition)?.goesOn) return false;
      const chosen = await batches.chosen(batchId, part);
      const open = await openAmong(chosen);
      if (open.length > 0) {
        requeue ??= await saysRequeue(batch);
        const facts = expiriesOf(open, batch, requeue);
        underWay.set(batchId, { partition, until: await proposals.propose(partition, facts) });
        proposed(facts.length);
      }
      seen += chosen.length;
    }
    return true;
  }

  const saysRequeue = async ({ waitlistId }: Batch): Promise<boolean> =>
    (await definitions.inForce(waitlistId))?.definition.invites.requeue === "place";

  async function openAmong(chosen: ChosenPlace[]): Promise<ChosenPlace[]> {
    const entries = await queue.load(chosen.map(({ entryId }) => entryId));
    return chosen.filter((place) => isOpenInvite(entries.get(place.entryId), place));
  }

  async function lookAt(batch: Batch, stop: AbortSignal): Promise<void> {
    const isSeen = await propose(batch, stop);
    if (isSeen && !underWay.has(batch.batchId)) await expired.settle(batch.batchId);
  }

  return async (stop) => {
    forgetApplied();
    await together(TOGETHER, await takeUp(), stop, lookAt);
  };
}

/** The time is that of the list's rule, and not of a clock here: whoever proposes, it is the same fact. */
const expiriesOf = (
  open: ChosenPlace[],
  { waitlistId, decision }: Batch,
  requeue: boolean,
): WaitlistEvent[] =>
  open.map((place) => expiredFact(waitlistId, place, { requeue, at: decision?.expiresAt ?? 0 }));

/** Works through a list, so many at a time, until the stop or the first failure; throws that when all have left off. */
async function together<T>(
  count: number,
  list: T[],
  stop: AbortSignal,
  work: (each: T, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const over = AbortSignal.any([stop, failed.signal]);
  const rest = list.values();
  const workThrough = async (): Promise<void> => {
    for (const each of rest) {
      if (over.aborted) return;
      await work(each, over);
    }
  };
  const workers = Array.from({ length: count }, () =>
    workThrough().catch((error: unknown) => {
      failed.abort();
      throw error;
    }),
  );
  const failure = (await Promise.allSettled(workers)).find(({ status }) => status === "rejected");
  if (failure?.status === "rejected") throw failure.reason;
}
