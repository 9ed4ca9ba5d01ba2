// One person on a list as Redis and storage have them, and the tokens that they got.
import { entryIdOf, type HeldPerson, type StoredEntry, type StoredPlace } from "@waitlist/contracts";
import { confirmationClaims, mailedClaims, typedClaims, unsubscribeClaims } from "@waitlist/tokens";
import { LIST, SECRET, type World } from "./support.ts";

export const entryId = entryIdOf(SECRET, LIST, "ada@example.com");

/** The place of the join at 100, which all tokens are for unless a test says otherwise. */
export const about = { waitlistId: LIST, entryId, joinOffset: 100 };

export const placeAt = (joinOffset: number, changes: Partial<StoredPlace> = {}): StoredPlace => ({
  ...{ joinOffset, eventId: `e${joinOffset}`, position: joinOffset - 90, status: "waiting" },
  confirmed: changes.status !== "pending",
  joinedAt: "2026-03-01T09:30:00.020Z",
  ...changes,
});

export const leftAt = (joinOffset: number, endOffset: number): StoredPlace =>
  placeAt(joinOffset, { status: "left", endOffset });

/** What Redis says of somebody whose newest place this is. */
export const entryWith = ({ joinOffset, position, status, joinedAt }: StoredPlace): StoredEntry => ({
  ...{ waitlistId: LIST, entryId, joinOffset, position, status, joinedAt },
  ...{ ahead: 2, referralCode: entryId.slice(0, 10), referrals: 4 },
});

/** Storage has these places, the log up to `next`, and what is held about the person. */
export function store(
  world: World,
  places: StoredPlace[],
  { next = 1000, person }: { next?: number; person?: HeldPerson } = {},
): void {
  const erased = places.length > 0 && person === undefined && places.every(({ status }) => status === "left");
  world.records.set(entryId, { places, repeatIds: [], next, erased });
  for (const place of places) {
    const isNewest = place === places.at(-1);
    const held = { place, next, ...(isNewest && person ? { person } : {}) };
    world.held.set(`${entryId}:${place.joinOffset}`, held);
  }
  const newest = places.at(-1);
  if (newest) world.entries.set(entryId, entryWith(newest));
}

export type TokenKind = "typed" | "mailed" | "confirmation" | "unsubscribe";

export function tokensOf(world: World, place = about): Record<TokenKind, string> {
  const { now } = world.time;
  return {
    typed: world.tokens.sign(typedClaims(place, now)),
    mailed: world.tokens.sign(mailedClaims(place, now)),
    confirmation: world.tokens.sign(confirmationClaims(place, now)),
    unsubscribe: world.tokens.sign(unsubscribeClaims(place, now)),
  };
}
