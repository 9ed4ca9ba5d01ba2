// What the services ask of each other over internal HTTP, with the shared token.
import { type Static, Type } from "@sinclair/typebox";
import { WaitlistDefinition } from "./definition.ts";
import { EventId } from "./events/envelope.ts";
import { PlaceView } from "./http/entries.ts";
import { EntryId, OpaqueId, WaitlistId } from "./ids.ts";
import { Timestamp } from "./text.ts";

/**
 * `GET /internal/installation` of storage: what a service's database was begun with. Another secret or number of
 * partitions would give people other ids and lists other histories, so whoever sees a difference refuses to work.
 */
export const Installation = Type.Object({ secretFingerprint: OpaqueId, partitions: Type.Integer() });
export type Installation = Static<typeof Installation>;

/** `GET /internal/waitlists/{waitlistId}` of storage: the definition in force, and what the gateway judges by. */
export const StoredWaitlist = Type.Object({
  waitlistId: WaitlistId,
  definition: WaitlistDefinition,
  /** Offset of the definition in force: its version, and the `ETag`. */
  offset: Type.Integer(),
  /** Id of the event that defined it. */
  eventId: EventId,
  /** When that was, by the broker's clock, and the name of the admin key that asked for it. */
  definedAt: Timestamp,
  definedBy: Type.Optional(Type.String()),
  /** Open places now, invited ones included: what `capacity` limits and `showCount` shows. */
  count: Type.Integer(),
  installation: Installation,
});
export type StoredWaitlist = Static<typeof StoredWaitlist>;

/** `?at=`: the definition in force at that offset instead of the latest. */
export const WaitlistQuery = Type.Object({ at: Type.Optional(Type.Integer({ minimum: 0 })) });

/**
 * `GET /internal/entries/{entryId}` of storage: a place as its status page shows it, with its join's offset, and the
 * invite's code instead of its address (which the list's definition makes).
 */
export const StoredEntry = Type.Composite([
  PlaceView,
  Type.Object({
    joinOffset: Type.Integer(),
    invite: Type.Optional(Type.Object({ code: Type.String(), expiresAt: Timestamp })),
  }),
]);
export type StoredEntry = Static<typeof StoredEntry>;

/** Published on `READ_MODEL_CHANNEL` after each stored batch: everything below `next` can be read now. */
export const AppliedAnnouncement = Type.Object({
  partition: Type.Integer(),
  next: Type.Integer(),
  /**
   * Lists of which something but new places was stored: others' status or number ahead may have changed. Absent: any
   * list of the partition.
   */
  changed: Type.Optional(Type.Array(WaitlistId)),
});
export type AppliedAnnouncement = Static<typeof AppliedAnnouncement>;

/** Mails of one list by kind and state, as the ledger counts them. */
export const MailCounts = Type.Object({
  waitlistId: WaitlistId,
  counts: Type.Array(Type.Object({ kind: Type.String(), state: Type.String(), count: Type.Integer() })),
});
export type MailCounts = Static<typeof MailCounts>;

export const EntryParams = Type.Object({ entryId: EntryId });
export const WaitlistParams = Type.Object({ waitlistId: WaitlistId });
