// Proposes what is due of the schedules. A proposal decides nothing: the log makes one run of however many there are.
import { partitionOf } from "@waitlist/contracts";
import type { Follower } from "@waitlist/roster";
import type { Logger } from "@waitlist/runtime";
import { type DueRun, isDue, runProposal } from "../domain/due.ts";
import type { Schedule } from "../domain/schedule.ts";
import type { Proposals, Schedules } from "../ports.ts";

export interface ProposeDeps {
  schedules: Pick<Schedules, "active">;
  proposals: Proposals;
  position: Follower["position"];
  /** How many partitions there are in all. */
  partitions: number;
  clock: () => number;
  secret: string;
  log: Pick<Logger, "info">;
}

/** What was last proposed of a schedule, and the offset after it on the log. */
interface Proposed extends DueRun {
  version: number;
  next: number;
}

const keyOf = ({ waitlistId, scheduleId }: Schedule) => `${waitlistId}:${scheduleId}`;

/**
 * Looks once at the schedules of the partitions that are ours and go on. What was proposed isn't proposed again: before it
 * is judged, because it is on its way, and after it, because the same would be judged the same. Throws where something is
 * away; what can't be proposed then is proposed another time.
 */
export function createProposeRuns(deps: ProposeDeps): () => Promise<void> {
  const { schedules, proposals, position, partitions, clock, secret, log } = deps;
  const lately = new Map<string, Proposed>();

  async function propose(schedule: Schedule, partition: number, next: number): Promise<void> {
    const key = keyOf(schedule);
    const former = lately.get(key);
    if (former && next < former.next) return;
    const now = clock();
    const run = isDue(schedule, now);
    if (!run || (former && isSameRun(former, schedule, run))) return;
    const proposal = runProposal(schedule, run, { at: now, secret });
    const after = await proposals.propose(partition, [proposal]);
    lately.set(key, { ...run, version: schedule.offset, next: after });
    const { waitlistId, scheduleId } = schedule;
    log.info({ waitlistId, scheduleId, ...run }, "a schedule's run is proposed");
  }

  /** How far each partition that is ours and goes on has been taken. */
  function nextOffsets(): Map<number, number> {
    const nexts = new Map<number, number>();
    for (let partition = 0; partition < partitions; partition += 1) {
      const at = position(partition);
      if (at?.goesOn) nexts.set(partition, at.next);
    }
    return nexts;
  }

  return async () => {
    // Read before the schedules: what was taken by then is in them.
    const nexts = nextOffsets();
    if (nexts.size === 0) return;
    const active = await schedules.active();
    const keys = new Set(active.map(keyOf));
    for (const key of lately.keys()) if (!keys.has(key)) lately.delete(key);
    const outcomes = await Promise.allSettled(
      active.map(async (schedule) => {
        const partition = partitionOf(schedule.waitlistId, partitions);
        const next = nexts.get(partition);
        if (next !== undefined) await propose(schedule, partition, next);
      }),
    );
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure) throw failure.reason;
  };
}

const isSameRun = (former: Proposed, { offset }: Schedule, { slot, count }: DueRun): boolean =>
  former.version === offset && former.slot === slot && former.count === count;
