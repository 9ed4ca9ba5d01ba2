import { Type } from "@sinclair/typebox";
import { EntryId, OpaqueId, WaitlistId } from "../ids.ts";
import { lineOf, Timestamp } from "../text.ts";
import { JoinOffset } from "./entry-events.ts";
import { defineEvent } from "./envelope.ts";

/** An admin asked for the next `count` invites; the offset of this record decides who is eligible. */
export const InviteBatchRequested = defineEvent(
  "InviteBatchRequested",
  1,
  Type.Object({
    waitlistId: WaitlistId,
    batchId: OpaqueId,
    count: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    note: Type.Optional(lineOf(500)),
    /** The name of the admin key that asked. */
    requestedBy: lineOf(100),
  }),
  ["waitlistId", "batchId", "count"],
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
  }),
  ["waitlistId", "entryId", "joinOffset", "inviteId", "batchId"],
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
