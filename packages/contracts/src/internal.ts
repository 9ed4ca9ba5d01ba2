// What the services ask of each other over internal HTTP, with the shared token.
import { type Static, Type } from "@sinclair/typebox";
import { WaitlistDefinition } from "./definition.ts";
import { JoinOffset } from "./events/entry-events.ts";
import { EventId } from "./events/envelope.ts";
import { EntryStatus, HeldPerson, PlaceView } from "./http/entries.ts";
import { MailStatus } from "./http/mails.ts";
import { ScheduleState, ScheduleView } from "./http/schedules.ts";
import { EntryId, MailId, OpaqueId, WaitlistId } from "./ids.ts";
import { MailKindName } from "./mails.ts";
import { Timestamp } from "./text.ts";

/**
 * `GET /internal/installation` of storage: what a service's database was begun with. Another secret or number of
 * partitions would give people other ids and lists other histories, so whoever sees a difference refuses to work.
 */
export const Installation = Type.Object({ secretFingerprint: OpaqueId, partitions: Type.Integer() });
export type Installation = Static<typeof Installation>;

/** Everything of the list below this offset is stored: what isn't there by then will not be. */
const Next = Type.Integer({ minimum: 0 });

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
  /** How far storage has come with the list's partition: the log was that long already. */
  next: Next,
});
export type StoredWaitlist = Static<typeof StoredWaitlist>;

/** `?at=`: the definition in force at that offset instead of the latest. */
export const WaitlistQuery = Type.Object({ at: Type.Optional(Type.Integer({ minimum: 0 })) });

/** `GET /internal/waitlists/{waitlistId}/definitions/{eventId}` of storage: the list as that event defined it. */
export const DefinitionParams = Type.Object({ waitlistId: WaitlistId, eventId: EventId });

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

/** One of the places that somebody has had on a list. */
export const StoredPlace = Type.Object({
  joinOffset: Type.Integer(),
  eventId: EventId,
  position: Type.Integer(),
  status: EntryStatus,
  /** Its address is confirmed, or needn't be: whoever was invited by name may not have got to it. */
  confirmed: Type.Boolean(),
  joinedAt: Timestamp,
  /** Where it was given up. */
  endOffset: Type.Optional(Type.Integer()),
});
export type StoredPlace = Static<typeof StoredPlace>;

/** `GET /internal/waitlists/{waitlistId}/position` of storage: how far it has come with the list's history. */
export const StoredPosition = Type.Object({ next: Next });
export type StoredPosition = Static<typeof StoredPosition>;

/**
 * `GET /internal/waitlists/{waitlistId}/entries/{entryId}/places` of storage: every place that somebody has had on the
 * list, tombstones too, as receipts, confirmations, departures and erasures judge by it. Nothing in it is personal.
 * Whoever isn't known has none.
 */
export const StoredPlaces = Type.Object({
  /** Oldest first. */
  places: Type.Array(StoredPlace),
  /** Of joins that found a place open; the newest of them. */
  repeatIds: Type.Array(EventId),
  next: Next,
  /** They were here, and nothing personal is held any more. */
  erased: Type.Boolean(),
});
export type StoredPlaces = Static<typeof StoredPlaces>;

/**
 * `GET /internal/waitlists/{waitlistId}/entries/{entryId}/places/{joinOffset}` of storage: one place, and the person
 * where it is the place that they had last. A former place shows nothing of the person: they gave it up, and may have
 * joined again from another mailbox.
 */
export const HeldPlace = Type.Object({
  place: Type.Union([StoredPlace, Type.Null()]),
  person: Type.Optional(HeldPerson),
  next: Next,
});
export type HeldPlace = Static<typeof HeldPlace>;

/** `left`: the place ended before anything else closed its invite. */
export const INVITE_STATES = ["open", "redeemed", "expired", "withdrawn", "left"] as const;

/**
 * `GET /internal/invites/{code}` of invite: what became of an invite, found by its code as people type it.
 * `closedOffset` and `closedAt` (not where the place was `left`) are those of the record that closed it; `attempt` is
 * the one that redeemed it.
 */
export const InviteState = Type.Object({
  waitlistId: WaitlistId,
  entryId: EntryId,
  joinOffset: Type.Integer(),
  inviteId: OpaqueId,
  batchId: OpaqueId,
  position: Type.Integer(),
  expiresAt: Timestamp,
  state: Type.Union(INVITE_STATES.map((state) => Type.Literal(state))),
  closedAt: Type.Optional(Timestamp),
  closedOffset: Type.Optional(Type.Integer()),
  attempt: Type.Optional(Type.String()),
});
export type InviteState = Static<typeof InviteState>;

/**
 * `GET /internal/waitlists/{waitlistId}/invite-schedules` of invite (`items`), and one of them by its id: a schedule with
 * the offset of the record that is in force of it, what that set it to, which a finished one doesn't show, and the event ids of
 * its newest settings.
 */
export const StoredSchedule = Type.Composite([
  ScheduleView,
  Type.Object({ offset: Type.Integer(), setTo: ScheduleState, settingIds: Type.Array(Type.String()) }),
]);
export type StoredSchedule = Static<typeof StoredSchedule>;
export const StoredSchedules = Type.Object({ items: Type.Array(StoredSchedule) });
export type StoredSchedules = Static<typeof StoredSchedules>;
/** The longest that an invite's closing may be waited for in one request, in milliseconds. */
export const MAX_CLOSING_WAIT_MS = 2000;

/** `?wait=`: milliseconds for which an open invite's closing is waited for; whatever it is by then is the answer. */
export const InviteQuery = Type.Object(
  { wait: Type.Integer({ minimum: 0, maximum: MAX_CLOSING_WAIT_MS, default: 0 }) },
  { additionalProperties: false },
);

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
  counts: Type.Array(Type.Object({ kind: MailKindName, state: MailStatus, count: Type.Integer() })),
  /** Mails that showed that an address takes none. */
  undeliverable: Type.Integer(),
});
export type MailCounts = Static<typeof MailCounts>;

export const EntryParams = Type.Object({ entryId: EntryId });
/** `GET /internal/waitlists/{waitlistId}/mails/{mailId}` of email: one mail as admins see it. */
export const MailParams = Type.Object({ waitlistId: WaitlistId, mailId: MailId });
export const WaitlistParams = Type.Object({ waitlistId: WaitlistId });
export const ScheduleParams = Type.Object({ waitlistId: WaitlistId, scheduleId: OpaqueId });
export const PersonParams = Type.Object({ waitlistId: WaitlistId, entryId: EntryId });
export const PlaceParams = Type.Object({ waitlistId: WaitlistId, entryId: EntryId, joinOffset: JoinOffset });
