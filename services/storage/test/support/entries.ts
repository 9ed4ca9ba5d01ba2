// Entries as the fold would leave them, and what the read model must make of them.
import type { Entry } from "../../src/domain/views.ts";

export interface State {
  status: "pending" | "waiting" | "invited" | "left";
  position: number;
  referredBy?: string | undefined;
}

export const idOf = (person: number): string => "abcdefgh".charAt(person % 8).repeat(26 - 8) + base32(person);

const base32 = (number: number): string =>
  number
    .toString(4)
    .padStart(8, "0")
    .replace(/\d/g, (digit) => "wxyz".charAt(Number(digit)));

/** A person's entry as of `lastOffset`. */
export function entryOf(waitlistId: string, person: number, lastOffset: number, state: State): Entry {
  const { status, position, referredBy } = state;
  const expiresAt = "2030-01-01T00:00:00.000Z";
  const invite = { inviteId: "i-1", batchId: "b-1" };
  return {
    entryId: idOf(person),
    waitlistId,
    places: [
      {
        ...{ joinOffset: position, eventId: `e${person}`, position, joinedAt: 1000 * position },
        needsConfirmation: status === "pending",
        ...(status === "invited" ? { invite: { ...invite, offset: lastOffset, at: 1000 * lastOffset } } : {}),
        ...(status === "left" ? { endOffset: lastOffset } : {}),
      },
    ],
    repeatIds: [],
    lastOffset,
    details: {
      email: `person${person}@example.com`,
      ...(referredBy === undefined ? {} : { referredBy }),
      ...(status === "invited" ? { invite: { ...invite, code: "AAAA-AAAA-AAAA", expiresAt } } : {}),
      history: [],
    },
  };
}

/** The state that an entry was made from. */
function stateOf({ places, details }: Entry): State {
  const place = places.at(-1);
  if (!place) throw new Error("an entry without a place");
  const { position, endOffset, invite, needsConfirmation } = place;
  const open = invite ? "invited" : needsConfirmation ? "pending" : "waiting";
  return { status: endOffset === undefined ? open : "left", position, referredBy: details?.referredBy };
}

/** A list as Redis should hold it. */
export interface ListModel {
  /** Of each entry: offset, status, position. */
  entries: Record<string, string[]>;
  /** Open places that may still be invited, in order. */
  queue: string[];
  counts: Record<string, number>;
  referrals: Record<string, number>;
}

/** Worked out from the newest version of each entry, whatever order they are given in. */
export function expectedModel(versions: Entry[]): ListModel {
  const newest = new Map<string, Entry>();
  for (const entry of versions) {
    if ((newest.get(entry.entryId)?.lastOffset ?? -1) < entry.lastOffset) newest.set(entry.entryId, entry);
  }
  const model: ListModel = { entries: {}, queue: [], counts: {}, referrals: {} };
  const waiting: [number, string][] = [];
  for (const [id, entry] of newest) {
    const { status, position, referredBy } = stateOf(entry);
    model.entries[id] = [String(entry.lastOffset), status, String(position)];
    model.counts[status] = (model.counts[status] ?? 0) + 1;
    if (status === "pending" || status === "waiting") waiting.push([position, id]);
    if (referredBy && status !== "left") model.referrals[referredBy] = (model.referrals[referredBy] ?? 0) + 1;
  }
  model.queue = waiting.sort(([a], [b]) => a - b).map(([, id]) => id);
  return model;
}
