// Facts about places, on the log: each once, however often its link is used.
import { createEvent } from "@waitlist/contracts";
import type { TokenPlace } from "@waitlist/tokens";
import { LRUCache } from "lru-cache";
import { EVENT_SOURCE } from "../event-source.ts";
import type { Clock, EventLog } from "../ports.ts";

export interface Facts {
  /**
   * Resolves when the fact is durable. What this process has put there within a minute, or is about to, isn't put there
   * again: storage needs a moment to know of it, and may be away. Throws `ProblemError` `unavailable`.
   */
  put(type: "EntryConfirmed" | "EntryLeft", place: TokenPlace): Promise<void>;
}

const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 10_000;

export function createFacts({ log, clock }: { log: EventLog; clock: Clock }): Facts {
  const known = new LRUCache<string, Promise<void>>({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS });

  const append: Facts["put"] = async (type, { waitlistId, entryId, joinOffset }) => {
    const data = { waitlistId, entryId, joinOffset };
    await log.append(createEvent(type, data, { source: EVENT_SOURCE, at: clock() }));
  };

  return {
    put: async (type, place) => {
      const key = `${type} ${place.entryId} ${place.joinOffset}`;
      const former = known.get(key);
      if (former) return former;
      const appended = append(type, place);
      known.set(key, appended);
      try {
        await appended;
      } catch (error) {
        if (known.peek(key) === appended) known.delete(key);
        throw error;
      }
    },
  };
}
