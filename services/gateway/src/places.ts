// Where a place is read: Redis, and storage wherever Redis doesn't know or can't be believed.
import {
  type HeldPerson,
  type HeldPlace,
  ProblemError,
  referralCodeOf,
  type StoredEntry,
} from "@waitlist/contracts";
import { Counter, type Logger, type Registry } from "@waitlist/runtime";
import type { TokenPlace } from "@waitlist/tokens";
import { type PlaceState, stateByNewest, stateByRecord } from "./domain/place-state.ts";
import type { ReadModel, ReadModelAnswer, Storage } from "./ports.ts";

export interface Places {
  /**
   * The place that an entry has, or null. `since` is the offset of the join that is asked about: with `entry` null,
   * `applied` says whether storage has surely seen it. Throws `ProblemError` `unavailable` when nobody can be asked.
   */
  find(waitlistId: string, entryId: string, since: number): Promise<FoundPlace>;
  /**
   * The place that a mail was sent for, with all that is held about its person where it is their newest and storage
   * answers. Throws `ProblemError` `unavailable` where only a later place of theirs could be shown.
   */
  held(place: TokenPlace): Promise<FoundPlace>;
  /** What is known of a place; `unknown` when nobody can be asked. */
  state(place: TokenPlace): Promise<PlaceState>;
  /**
   * What `find` finds, from Redis alone, for those who ask for thousands of places at once and can ask again: storage is
   * there for single reads. Throws `ProblemError` `unavailable` where Redis is out of reach or can't be believed.
   */
  follow(waitlistId: string, entryId: string, since: number): Promise<FoundPlace>;
}

export type FoundPlace =
  | { entry: StoredEntry; person?: HeldPerson | undefined }
  | { entry: null; applied: boolean };

interface Deps {
  readModel: ReadModel;
  storage: Pick<Storage, "entry" | "held" | "places">;
  registry: Registry;
  log: Logger;
}

export function createPlaces({ readModel, storage, registry, log }: Deps): Places {
  const reads = new Counter({
    name: "waitlist_gateway_place_reads_total",
    help: "Places read, by where they were found.",
    labelNames: ["source"] as const,
    registers: [registry],
  });
  const fromRedis = async (waitlistId: string, entryId: string) => {
    try {
      return await readModel.read(waitlistId, entryId);
    } catch (err) {
      log.debug({ err }, "the read model is out of reach; storage is asked");
      return null;
    }
  };
  const find: Places["find"] = async (waitlistId, entryId, since) => {
    const answer = await fromRedis(waitlistId, entryId);
    reads.inc({ source: answer?.entry ? "redis" : "storage" });
    return placeAsOf(answer, answer?.entry ?? (await storage.entry(entryId)), since);
  };
  return {
    find,
    held: async (place) => {
      const found = await find(place.waitlistId, place.entryId, place.joinOffset);
      // After Redis: what it shows is in storage already.
      const held = await unlessAway(() => storage.held(place));
      return held ? heldPlace(place, found, held) : withoutPerson(place, found);
    },
    state: async (place) => {
      const { waitlistId, entryId, joinOffset } = place;
      const answer = await fromRedis(waitlistId, entryId);
      const state = answer && stateByNewest(answer, joinOffset);
      if (state) return state;
      const stored = await unlessAway(() => storage.places(place));
      return stored ? stateByRecord(stored, joinOffset) : "unknown";
    },
    follow: async (waitlistId, entryId, since) => {
      const answer = await fromRedis(waitlistId, entryId);
      if (!answer) throw new ProblemError("unavailable", undefined, { retryAfter: 2 });
      reads.inc({ source: "redis" });
      return placeAsOf(answer, answer.entry, since);
    },
  };
}

/** Null where storage is away. */
async function unlessAway<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProblemError && error.code === "unavailable") return null;
    throw error;
  }
}

/** What storage holds of the place. The counts are Redis's: storage would have to look through the list for them. */
function heldPlace(
  { waitlistId, entryId, joinOffset }: TokenPlace,
  { entry: newest }: FoundPlace,
  { place, person, next }: HeldPlace,
): FoundPlace {
  const own = newest?.joinOffset === joinOffset ? newest : null;
  if (!place) return own ? { entry: own } : { entry: null, applied: next > joinOffset };
  const { position, status, joinedAt } = place;
  if (own?.status === status) return { entry: own, person };
  if (own) {
    const { invite: _former, ...counted } = own;
    return { entry: { ...counted, status }, person };
  }
  // Redis follows in a moment.
  if (status !== "left") return { entry: null, applied: false };
  // A former place: nobody is ahead of it any more.
  const counts = { ahead: 0, referrals: newest?.referrals ?? 0 };
  const about = { waitlistId, entryId, joinOffset, referralCode: referralCodeOf(entryId) };
  return { entry: { ...about, position, status, joinedAt, ...counts }, person };
}

/** Redis has the newest place alone: a former one must not be shown as a later one. */
function withoutPerson({ joinOffset }: TokenPlace, found: FoundPlace): FoundPlace {
  if (!found.entry || found.entry.joinOffset === joinOffset) return found;
  if (found.entry.joinOffset < joinOffset) return { entry: null, applied: false };
  throw new ProblemError("unavailable", undefined, { retryAfter: 2 });
}

/** Who left and joined again has, until that is stored, only the place that was given up. */
function placeAsOf(answer: ReadModelAnswer | null, entry: StoredEntry | null, since: number): FoundPlace {
  const applied = answer !== null && answer.next > since;
  const isFormer = entry?.status === "left" && entry.joinOffset < since && !applied;
  return entry && !isFormer ? { entry } : { entry: null, applied };
}
