// Which records of a stretch stand under a definition with `reclaim`: only there does a freed place go on.
import type { Definitions, EntryRecord, RosterRecord } from "@waitlist/roster";

/** The offsets, among those of these records, at which a definition with `reclaim` was in force. */
export type FindReclaims = (records: EntryRecord[]) => Promise<Set<number>>;

const FREEING = new Set(["InviteExpired", "InviteWithdrawn", "EntryLeft", "EntryErased"]);

/** Whether a record may close an invite in a way that frees its place. */
export const mayFree = (record: RosterRecord): record is EntryRecord => FREEING.has(record.event.type);

/** One look-up a list, unless its definition changed within the stretch. */
export function createFindReclaims(definitions: Pick<Definitions, "inForce">): FindReclaims {
  return async (records) => {
    const offsets = new Set<number>();
    for (const [waitlistId, ofList] of Map.groupBy(records, ({ event }) => event.data.waitlistId)) {
      const latest = await definitions.inForce(waitlistId, ofList.at(-1)?.offset);
      for (const { offset } of ofList) {
        const isLatest = latest === null || latest.offset <= offset;
        const inForce = isLatest ? latest : await definitions.inForce(waitlistId, offset);
        if (inForce?.definition.invites.reclaim) offsets.add(offset);
      }
    }
    return offsets;
  };
}
