// Entries as the fold would leave them, and what the read model must make of them.
import type { PlaceInvite } from "@waitlist/roster";
import type { Entry } from "../../src/domain/views.ts";

/** `requeued` waits again after an invite that expired. */
export interface State {
  status: "pending" | "waiting" | "requeued" | "invited" | "redeemed" | "expired" | "withdrawn" | "left";
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
  const given = { inviteId: "i-1", batchId: "b-1" };
  const closed = closingOf(status, lastOffset);
  const invite =
    status === "invited" || closed
      ? { ...given, offset: lastOffset, at: 1000 * lastOffset, ...closed }
      : undefined;
  return {
    entryId: idOf(person),
    waitlistId,
    places: [
      {
        ...{ joinOffset: position, eventId: `e${person}`, position, joinedAt: 1000 * position },
        needsConfirmation: status === "pending",
        ...(invite ? { invite } : {}),
        ...(status === "left" ? { endOffset: lastOffset } : {}),
      },
    ],
    repeatIds: [],
    lastOffset,
    details: {
      email: `person${person}@example.com`,
      ...(referredBy === undefined ? {} : { referredBy }),
      ...(invite ? { invite: { ...given, code: "AAAA-AAAA-AAAA", expiresAt } } : {}),
      history: [],
    },
  };
}

/** How the invite of such an entry was closed, if it was. */
function closingOf(status: State["status"], offset: number): Pick<PlaceInvite, "closed"> | undefined {
  const at = { offset, at: 1000 * offset, seenOffset: offset };
  switch (status) {
    case "requeued":
      return { closed: { how: "expired", requeued: true, ...at } };
    case "redeemed":
    case "expired":
    case "withdrawn":
      return { closed: { how: status, ...at } };
    default:
      return undefined;
  }
}

/** The state that an entry was made from, `requeued` being as good as waiting. */
function stateOf({ places, details }: Entry): State {
  const place = places.at(-1);
  if (!place) throw new Error("an entry without a place");
  const { position, endOffset, invite, needsConfirmation } = place;
  const queued = needsConfirmation ? "pending" : "waiting";
  const invited = invite?.closed?.how ?? "invited";
  const open = invite && !invite.closed?.requeued ? invited : queued;
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
    // A pending place may be nobody's, and who has left brings nobody.
    if (referredBy && status !== "left" && status !== "pending")
      model.referrals[referredBy] = (model.referrals[referredBy] ?? 0) + 1;
  }
  model.queue = waiting.sort(([a], [b]) => a - b).map(([, id]) => id);
  return model;
}
