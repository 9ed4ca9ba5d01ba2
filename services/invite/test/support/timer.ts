// Timers of several instances over the world's ports, each with a clock of its own that may also go back.
import assert from "node:assert/strict";
import type { ExpiredBatches, Proposals } from "../../src/ports.ts";
import { createExpiry, type ProposeExpiries } from "../../src/timers/expiry.ts";
import { type Actor, Crash, type Step } from "./turns.ts";
import { batchesOf, definitionsOf, queueOf, type World } from "./world.ts";

/** Later than any invite lasts. */
export const FAR = Number.MAX_SAFE_INTEGER;

const neverStopped = new AbortController().signal;

export function expiredOf({ batches, weakness }: World, step: Step): ExpiredBatches {
  return {
    due: async function* (now) {
      await step();
      const expiresAt = (batch: { decision: { expiresAt: number } | null }) =>
        batch.decision?.expiresAt ?? FAR;
      const due = [...batches.values()]
        .filter(({ isOnLog }) => isOnLog || weakness.timer === "settles-running")
        .filter((batch) => batch.decision && !batch.isSettled)
        .filter((batch) => expiresAt(batch) <= now || weakness.timer === "early");
      yield* due.sort((one, other) => expiresAt(one) - expiresAt(other));
    },
    settle: async (batchId) => {
      await step();
      const batch = batches.get(batchId);
      if (batch) batches.set(batchId, { ...batch, isSettled: true });
    },
  };
}

/** A part of what is proposed may be on the log when its timer dies. */
export function proposalsOf(world: World, step: Step, now: () => number): Proposals {
  const { weakness, paper, batches, append } = world;
  const allocations = () => [...paper.batches.values()].flatMap(({ invited }) => invited);
  return {
    propose: async (_partition, facts) => {
      for (const fact of facts) {
        assert.ok(fact.type === "InviteExpired");
        const { inviteId, entryId } = fact.data;
        const invite = allocations().find((each) => each.inviteId === inviteId);
        assert.ok(invite && Date.parse(invite.expiresAt) <= now(), "nothing expires before its time");
        const ofInvite = [...paper.batches.values()].find(({ invited }) => invited.includes(invite));
        const batch = batches.get(ofInvite?.batchId ?? "");
        if (weakness.timer === "settles-first" && batch) {
          batches.set(batch.batchId, { ...batch, isSettled: true });
        }
        await step();
        if (weakness.timer === "closes-itself") closeItself(world, entryId, inviteId);
        else append(fact);
      }
      await step();
      return weakness.timer === "closes-itself" ? 0 : world.log.length;
    },
  };
}

/** What must never be done: the database says what the log doesn't. */
function closeItself({ entries }: World, entryId: string, inviteId: string): void {
  const entry = entries.get(entryId);
  if (!entry) return;
  const at = { offset: entry.lastOffset, at: 0, seenOffset: entry.lastOffset };
  const places = entry.places.map((place) =>
    place.invite?.inviteId === inviteId && !place.invite.closed
      ? { ...place, invite: { ...place.invite, closed: { how: "expired" as const, ...at } } }
      : place,
  );
  entries.set(entryId, { ...entry, places });
}

/** A timer with nothing in memory yet. */
export function expiryOf(world: World, step: Step, clock: () => number): ProposeExpiries {
  return createExpiry({
    ...{ batches: batchesOf(world, step), queue: queueOf(world, step), expired: expiredOf(world, step) },
    ...{ definitions: definitionsOf(world, step), proposals: proposalsOf(world, step, clock) },
    position: () => ({ next: world.cursor.next, goesOn: true }),
    ...{ partitions: 12, proposed: () => undefined, clock },
  });
}

/** Takes a turn at each of these times, and comes back without its memory after each death. */
export const timer =
  (world: World, times: number[]): Actor =>
  async (live) => {
    let now = 0;
    const begin = () => expiryOf(world, live(), () => now);
    let propose = begin();
    for (const time of times) {
      now = time;
      await propose(neverStopped).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
        propose = begin();
      });
    }
  };
