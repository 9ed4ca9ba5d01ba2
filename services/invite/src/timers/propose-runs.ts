// Proposes what is due of the schedules. A proposal decides nothing: the log makes one run of however many there are.
import { partitionOf } from "@waitlist/contracts";
import type { PartitionState } from "@waitlist/kafka";
import type { Logger } from "@waitlist/runtime";
import { type DueRun, isDue, runProposal } from "../domain/due.ts";
import type { Schedule } from "../domain/schedule.ts";
import type { Proposals, Schedules } from "../ports.ts";

export interface ProposeDeps {
  schedules: Pick<Schedules, "active">;
  proposals: Proposals;
  /** The partitions that are ours now. */
  state: () => PartitionState[];
  /** How many there are in all. */
  partitions: number;
  clock: () => number;
  secret: string;
  log: Pick<Logger, "info" | "warn">;
}

/** What was last proposed of a schedule, and where that stands on the log. */
interface Proposed extends DueRun {
  version: number;
  at: number;
}

const keyOf = ({ waitlistId, scheduleId }: Schedule) => `${waitlistId}:${scheduleId}`;

/**
 * Looks once at the schedules of the partitions that are ours and go on. What was proposed isn't proposed again: before it
 * is judged, because it is on its way, and after it, because the same would be judged the same.
 */
export function createProposeRuns(deps: ProposeDeps): () => Promise<void> {
  const { schedules, proposals, state, partitions, clock, secret, log } = deps;
  const lately = new Map<string, Proposed>();

  async function propose(schedule: Schedule, partition: number, next: number): Promise<void> {
    const key = keyOf(schedule);
    const former = lately.get(key);
    if (former && next <= former.at) return;
    const now = clock();
    const run = isDue(schedule, now);
    if (!run || (former && isSameRun(former, schedule, run))) return;
    const at = await proposals.append(partition, runProposal(schedule, run, { at: now, secret }));
    lately.set(key, { ...run, version: schedule.offset, at });
    const { waitlistId, scheduleId } = schedule;
    log.info({ waitlistId, scheduleId, ...run }, "a schedule's run is proposed");
  }

  return async () => {
    // Read before the schedules: what was taken by then is in them.
    const nexts = new Map(
      state().flatMap(({ partition, next, paused }) => (paused || next === null ? [] : [[partition, next]])),
    );
    if (nexts.size === 0) return;
    const active = await schedules.active();
    const keys = new Set(active.map(keyOf));
    for (const key of lately.keys()) if (!keys.has(key)) lately.delete(key);
    const proposing = active.map(async (schedule) => {
      const partition = partitionOf(schedule.waitlistId, partitions);
      const next = nexts.get(partition);
      if (next === undefined) return;
      await propose(schedule, partition, next).catch((err: unknown) => {
        const { waitlistId, scheduleId } = schedule;
        log.warn(
          { err, waitlistId, scheduleId },
          "a schedule's run could not be proposed; it is tried again",
        );
      });
    });
    await Promise.all(proposing);
  };
}

const isSameRun = (former: Proposed, { offset }: Schedule, { slot, count }: DueRun): boolean =>
  former.version === offset && former.slot === slot && former.count === count;
