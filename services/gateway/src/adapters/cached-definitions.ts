// Lists as the gateway judges by them: read from storage, kept for as long as storage may be away.
import type { StoredWaitlist } from "@waitlist/contracts";
import type { Logger } from "@waitlist/runtime";
import { LRUCache } from "lru-cache";
import { type Clock, type Definitions, InstallationMismatch, type Storage } from "../ports.ts";

/** In milliseconds: younger than this is taken as it is. */
const FRESH_MS = 2000;
/** Younger than this is served while it is read anew, so that no signup waits for the reading. */
const REVALIDATE_MS = 10_000;
/** Younger than this is served while storage can't be asked; by then somebody has noticed that it is away. */
const STALE_MS = 24 * 60 * 60_000;
/** That a list doesn't exist is believed for this long. */
const ABSENT_MS = 1000;
/** After a failure storage is left alone for this long. */
const RETRY_MS = 500;
const MAX_LISTS = 10_000;

interface Known {
  stored: StoredWaitlist;
  readAt: number;
  /** 0, or since storage has failed: not asked again before, and no signup waits for the answer. */
  retryAt: number;
}

export function createCachedDefinitions(
  storage: Pick<Storage, "waitlist">,
  clock: Clock,
  log: Logger,
): Definitions {
  const known = new LRUCache<string, Known>({ max: MAX_LISTS });
  const absent = new LRUCache<string, number>({ max: MAX_LISTS });
  const reading = new Map<string, Promise<StoredWaitlist | null>>();

  const put = (stored: StoredWaitlist) => {
    const former = known.peek(stored.waitlistId);
    // A reading that began before a change must not undo it.
    if (former && former.stored.offset > stored.offset) return;
    known.set(stored.waitlistId, { stored, readAt: clock(), retryAt: 0 });
    absent.delete(stored.waitlistId);
  };

  const read = async (waitlistId: string): Promise<StoredWaitlist | null> => {
    const stored = await storage.waitlist(waitlistId);
    if (stored) {
      put(stored);
    } else {
      known.delete(waitlistId);
      absent.set(waitlistId, clock());
    }
    return stored;
  };

  /** One reading at a time for each list, however many ask. */
  const readOnce = (waitlistId: string): Promise<StoredWaitlist | null> => {
    const running = reading.get(waitlistId);
    if (running) return running;
    const started = read(waitlistId).finally(() => {
      if (reading.get(waitlistId) === started) reading.delete(waitlistId);
    });
    reading.set(waitlistId, started);
    return started;
  };

  const refresh = async (waitlistId: string, former: Known): Promise<StoredWaitlist | null> => {
    try {
      return await readOnce(waitlistId);
    } catch (err) {
      const now = clock();
      if (err instanceof InstallationMismatch) known.clear();
      if (err instanceof InstallationMismatch || now - former.readAt > STALE_MS) throw err;
      if (now >= former.retryAt) {
        former.retryAt = now + RETRY_MS;
        log.warn({ err, waitlistId, ageMs: now - former.readAt }, "a list is judged by what was known of it");
      }
      return former.stored;
    }
  };

  return {
    get: async (waitlistId) => {
      const now = clock();
      const former = known.get(waitlistId);
      if (!former) {
        const missedAt = absent.get(waitlistId);
        return missedAt !== undefined && now - missedAt < ABSENT_MS ? null : readOnce(waitlistId);
      }
      const age = now - former.readAt;
      if (age < FRESH_MS || (now < former.retryAt && age <= STALE_MS)) return former.stored;
      const refreshed = refresh(waitlistId, former);
      const mayServe = age < REVALIDATE_MS || (former.retryAt > 0 && age <= STALE_MS);
      if (!mayServe) return refreshed;
      // At this age only a mismatch rejects, and with it the next request.
      refreshed.catch((err: unknown) => log.error({ err, waitlistId }, "a list can't be judged any more"));
      return former.stored;
    },
    peek: (waitlistId) => known.peek(waitlistId)?.stored ?? null,
    put,
    forget: (waitlistId) => {
      // One that is under way may have been answered before the change.
      reading.delete(waitlistId);
      const former = known.peek(waitlistId);
      if (!former) return;
      former.readAt = Math.min(former.readAt, clock() - REVALIDATE_MS);
      former.retryAt = 0;
    },
  };
}
