// A batch is `completed` once its invites can be redeemed: storage, which every redemption asks, and which tells the
// codes, has them by then, too.
import { type InviteBatch, ProblemError } from "@waitlist/contracts";
import { LRUCache } from "lru-cache";
import type { InviteBatches, Storage } from "./ports.ts";

/** Lists of which it is known how far storage has come. */
const REMEMBERED = 10_000;

/** The invite service's batches; one that storage hasn't reached, or can't be asked about, is still `running`. */
export function createRedeemableBatches(
  batches: InviteBatches,
  storage: Pick<Storage, "position">,
): InviteBatches {
  const reached = new LRUCache<string, number>({ max: REMEMBERED });

  /** Offset below which storage has everything of a list. */
  async function positionBeyond(waitlistId: string, offset: number): Promise<number> {
    const known = reached.get(waitlistId) ?? 0;
    if (known > offset) return known;
    try {
      const { next } = await storage.position(waitlistId);
      reached.set(waitlistId, next);
      return next;
    } catch (error) {
      if (error instanceof ProblemError && error.code === "unavailable") return known;
      throw error;
    }
  }

  async function shown(waitlistId: string, found: InviteBatch[]): Promise<InviteBatch[]> {
    const latest = Math.max(-1, ...found.map(({ completedOffset = -1 }) => completedOffset));
    if (latest < 0) return found;
    const next = await positionBeyond(waitlistId, latest);
    return found.map((batch) => ((batch.completedOffset ?? -1) < next ? batch : stillRunning(batch)));
  }

  return {
    ...batches,
    find: async (waitlistId, batchId, entries) => {
      const found = await batches.find(waitlistId, batchId, entries);
      return found && ((await shown(waitlistId, [found]))[0] ?? null);
    },
    list: async (waitlistId, query) => {
      const page = await batches.list(waitlistId, query);
      return { ...page, items: await shown(waitlistId, page.items) };
    },
  };
}

/** One that was withdrawn stays withdrawn. */
const stillRunning = ({ completedAt: _, completedOffset: __, ...batch }: InviteBatch): InviteBatch => ({
  ...batch,
  status: batch.status === "completed" ? "running" : batch.status,
});
