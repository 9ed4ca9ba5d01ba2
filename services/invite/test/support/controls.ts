// The service with one of its guards left out: what the properties have to notice.
import type { Applied, Projection } from "@waitlist/roster";
import type { FindReclaims } from "../../src/handlers/find-reclaims.ts";
import type { RunBatch } from "../../src/handlers/run-batch.ts";
import type { WithdrawBatch } from "../../src/handlers/withdraw-batch.ts";
import type { World } from "./world.ts";

interface Handlers {
  projection: Projection<null>;
  findReclaims: FindReclaims;
  runBatch: RunBatch;
  withdrawBatch: WithdrawBatch;
}

type Effect = Applied<null>["effects"][number];

/** Work that is put off until the chunk's records are all applied. */
export type Later = (() => Promise<void>)[];

/** The handlers as they are where the world has no weakness. */
export function weakened(world: World, handlers: Handlers, later: Later): Handlers {
  const { weakness } = world;
  const perhapsLater = async (kind: typeof weakness.unsplit, work: () => Promise<void>): Promise<void> => {
    if (weakness.unsplit === kind) later.push(work);
    else await work();
  };
  const { projection, runBatch, withdrawBatch } = handlers;
  return {
    ...handlers,
    projection: {
      ...projection,
      apply: async (chunk) => {
        const seen = new Map([...world.entries].map(([id, { lastOffset }]) => [id, lastOffset]));
        const { entries, effects } = await projection.apply(chunk);
        const isSeen = ({ record: { event, offset } }: Effect) =>
          (seen.get(event.data.entryId) ?? -1) >= offset;
        return {
          entries,
          effects: effects.map((effect) => {
            if (weakness.reclaimsOnce && isSeen(effect)) return { ...effect, outcome: { kind: "none" } };
            return weakness.departuresFreeClosed ? withoutClosing(effect) : effect;
          }),
        };
      },
    },
    runBatch: (batch, turn) => {
      const { reclaims, ...rest } = batch;
      const asked = weakness.reclaimsForAnybody ? rest : batch;
      return perhapsLater(reclaims ? "reclaims" : "batches", () => runBatch(asked, turn));
    },
    withdrawBatch: (withdrawal, turn) => {
      const { event } = withdrawal;
      const stored = weakness.foreignWithdrawals && world.batches.get(event.data.batchId);
      const data = { ...event.data, ...(stored ? { waitlistId: stored.waitlistId } : {}) };
      const asked = { ...withdrawal, event: { ...event, data } };
      return perhapsLater("withdrawals", () => withdrawBatch(asked, turn));
    },
  };
}

/** A departure as it would look if the invite had been open. */
function withoutClosing(effect: Effect): Effect {
  const { record, outcome } = effect;
  const { type } = record.event;
  if (outcome.kind !== "changed" || (type !== "EntryLeft" && type !== "EntryErased")) return effect;
  const { invite } = outcome.place;
  if (!invite) return effect;
  const { closed, ...open } = invite;
  return { record, outcome: { ...outcome, place: { ...outcome.place, invite: open } } };
}
