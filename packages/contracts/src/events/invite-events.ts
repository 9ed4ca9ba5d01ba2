import { Type } from "@sinclair/typebox";
import { EntryId, OpaqueId, WaitlistId } from "../ids.ts";
import { lineOf, Timestamp } from "../text.ts";
import { JoinOffset } from "./entry-events.ts";
import { defineEvent } from "./envelope.ts";

/** The most entries that one batch can name. */
export const MAX_NAMED_ENTRIES = 400;

/** The last instant that a Date can hold, in milliseconds. */
const MAX_TIME_MS = 8_640_000_000_000_000;

/**
 * An admin, or a schedule, asked for invites; the offset of this record decides who is eligible. Either the next
 * `count` in order, or the named entries out of order, with the reason; one that holds both is read as naming.
 */
export const InviteBatchRequested = defineEvent(
  "InviteBatchRequested",
  1,
  Type.Object({
    waitlistId: WaitlistId,
    batchId: OpaqueId,
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    entryIds: Type.Optional(
      Type.Array(EntryId, { minItems: 1, maxItems: MAX_NAMED_ENTRIES, uniqueItems: true }),
    ),
    /** Why the named entries are invited out of order. */
    reason: Type.Optional(lineOf(500)),
    note: Type.Optional(lineOf(500)),
    /**
     * A run of a schedule names it, the offset of the `InviteScheduleSet` that it runs, and its slot in milliseconds. It is
     * void unless, at this record's own offset, that is what is in force of the schedule, it is active, the slot is later
     * than that of its last run, and no more than its total is asked for with it.
     */
    scheduleId: Type.Optional(OpaqueId),
    scheduleOffset: Type.Optional(JoinOffset),
    slot: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_TIME_MS })),
    /** The name of the admin key that asked, or that set the schedule. */
    requestedBy: lineOf(100),
  }),
  ["waitlistId", "batchId", "count", "entryIds", "scheduleId", "scheduleOffset", "slot"],
);

/** One place got one invite. */
export const InviteAllocated = defineEvent(
  "InviteAllocated",
  1,
  Type.Object({
    waitlistId: WaitlistId,
    entryId: EntryId,
    joinOffset: JoinOffset,
    inviteId: OpaqueId,
    code: Type.String({ pattern: "^[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}$" }),
    batchId: OpaqueId,
    position: Type.Integer({ minimum: 1 }),
    expiresAt: Timestamp,
    /** The entry was named by an admin, out of order by intent. */
    outOfOrder: Type.Optional(Type.Literal(true)),
    /** The name of the admin key that asked for the batch; nobody's where a freed place went on. */
    requestedBy: Type.Optional(lineOf(100)),
  }),
  ["waitlistId", "entryId", "joinOffset", "inviteId", "batchId"],
);

const aboutAnInvite = {
  waitlistId: WaitlistId,
  entryId: EntryId,
  joinOffset: JoinOffset,
  inviteId: OpaqueId,
};

/** Names one attempt to redeem: the same for a retry under the same `Idempotency-Key`. */
const Attempt = Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" });

/** Somebody came with the code. The first closing event of an invite on the log is the one that counts. */
export const InviteRedeemed = defineEvent(
  "InviteRedeemed",
  1,
  Type.Object({
    ...aboutAnInvite,
    attempt: Attempt,
    /** The name of the key of the team's own backend. */
    redeemedBy: Type.Optional(lineOf(100)),
  }),
  ["waitlistId", "entryId", "joinOffset", "inviteId", "attempt"],
);

/** The invite's time was over. `requeue` puts the place back into the queue, as the list said at the proposal. */
export const InviteExpired = defineEvent(
  "InviteExpired",
  1,
  Type.Object({ ...aboutAnInvite, requeue: Type.Optional(Type.Literal(true)) }),
  ["waitlistId", "entryId", "joinOffset", "inviteId", "requeue"],
);

/** One invite was taken back. */
export const InviteWithdrawn = defineEvent(
  "InviteWithdrawn",
  1,
  Type.Object({ ...aboutAnInvite, requestedBy: lineOf(100), reason: Type.Optional(lineOf(500)) }),
  ["waitlistId", "entryId", "joinOffset", "inviteId"],
);

/** All invites of a batch that are not closed yet were taken back, those still to be allocated included. */
export const InviteBatchWithdrawn = defineEvent(
  "InviteBatchWithdrawn",
  1,
  Type.Object({
    waitlistId: WaitlistId,
    batchId: OpaqueId,
    requestedBy: lineOf(100),
    reason: Type.Optional(lineOf(500)),
  }),
  ["waitlistId", "batchId"],
);

export const SCHEDULE_STATES = ["active", "paused", "ended"] as const;

/**
 * A schedule as it is from this offset on: at each slot of `cron` (five fields, in `timeZone`) a batch of `count`,
 * until `total` invites were asked for in all.
 */
export const InviteScheduleSet = defineEvent(
  "InviteScheduleSet",
  1,
  Type.Object({
    waitlistId: WaitlistId,
    scheduleId: OpaqueId,
    state: Type.Union(SCHEDULE_STATES.map((state) => Type.Literal(state))),
    count: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    cron: lineOf(100, 9),
    timeZone: Type.String({ pattern: "^[A-Za-z0-9_+/-]{1,64}$" }),
    total: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000_000 })),
    note: Type.Optional(lineOf(500)),
    requestedBy: lineOf(100),
  }),
  ["waitlistId", "scheduleId", "state", "count", "cron", "timeZone", "total"],
);

/** Every invite of the batch is on the log. */
export const InviteBatchCompleted = defineEvent(
  "InviteBatchCompleted",
  1,
  Type.Object({
    waitlistId: WaitlistId,
    batchId: OpaqueId,
    allocated: Type.Integer({ minimum: 0 }),
    shortfall: Type.Integer({ minimum: 0 }),
  }),
  ["waitlistId", "batchId"],
);
