// What admins send and get.
import { type Static, Type } from "@sinclair/typebox";
import { Answers } from "../answers.ts";
import { WaitlistDefinition } from "../definition.ts";
import { EntryId, OpaqueId, WaitlistId } from "../ids.ts";
import { lineOf, Timestamp } from "../text.ts";
import { EntryStatus } from "./entries.ts";

/** One entry as admins see it. */
export const AdminEntry = Type.Object(
  {
    entryId: EntryId,
    waitlistId: WaitlistId,
    position: Type.Integer({ minimum: 1 }),
    status: EntryStatus,
    email: Type.Union([Type.String(), Type.Null()]),
    name: Type.Optional(Type.String()),
    locale: Type.Optional(Type.String()),
    answers: Type.Optional(Answers),
    source: Type.Optional(Type.String()),
    joinedAt: Timestamp,
    confirmedAt: Type.Optional(Timestamp),
    invitedAt: Type.Optional(Timestamp),
    redeemedAt: Type.Optional(Timestamp),
    expiredAt: Type.Optional(Timestamp),
    withdrawnAt: Type.Optional(Timestamp),
    referralCode: Type.String(),
    referrals: Type.Integer({ minimum: 0 }),
    referredBy: Type.Optional(Type.String()),
    disposable: Type.Optional(
      Type.Literal(true, { description: "The address is of a throw-away domain; the list flags those." }),
    ),
    invite: Type.Optional(
      Type.Object({ inviteId: OpaqueId, code: Type.String(), batchId: OpaqueId, expiresAt: Timestamp }),
    ),
  },
  { title: "AdminEntry" },
);
export type AdminEntry = Static<typeof AdminEntry>;

/** Query of `GET /v1/waitlists/{id}/entries`. `after` is the `next` of the page before. */
export const EntriesQuery = Type.Object(
  {
    status: Type.Optional({ ...EntryStatus, examples: ["waiting"] }),
    q: Type.Optional({ ...lineOf(200, 1), examples: ["ada@"] }),
    after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, examples: [41] })),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, examples: [50] }),
  },
  { additionalProperties: false },
);
export type EntriesQuery = Static<typeof EntriesQuery>;

export const EntriesPage = Type.Object(
  { items: Type.Array(AdminEntry), next: Type.Union([Type.Integer(), Type.Null()]) },
  { title: "EntriesPage" },
);
export type EntriesPage = Static<typeof EntriesPage>;

/** Body of `POST /v1/waitlists/{id}/invite-batches`. */
export const BatchRequest = Type.Object(
  { count: Type.Integer({ minimum: 1, maximum: 1_000_000 }), note: Type.Optional(lineOf(500)) },
  { additionalProperties: false, title: "BatchRequest" },
);
export type BatchRequest = Static<typeof BatchRequest>;

export const BatchAccepted = Type.Object(
  { batchId: OpaqueId, status: Type.Literal("requested") },
  { title: "BatchAccepted" },
);
export type BatchAccepted = Static<typeof BatchAccepted>;

export const BATCH_STATUSES = ["requested", "running", "completed", "withdrawn"] as const;

export const InviteBatch = Type.Object(
  {
    batchId: OpaqueId,
    waitlistId: WaitlistId,
    status: Type.Union(BATCH_STATUSES.map((status) => Type.Literal(status))),
    count: Type.Integer(),
    allocated: Type.Integer(),
    shortfall: Type.Integer(),
    note: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String({ description: "Why its entries were named." })),
    outOfOrder: Type.Optional(
      Type.Literal(true, { description: "Its entries were named, whatever their order." }),
    ),
    scheduleId: Type.Optional(OpaqueId),
    reclaims: Type.Optional(
      Type.String({ description: "The invite whose place this batch of one gives on." }),
    ),
    requestedAt: Timestamp,
    requestedBy: Type.String(),
    completedAt: Type.Optional(Timestamp),
    withdrawnAt: Type.Optional(Timestamp),
    withdrawnBy: Type.Optional(Type.String()),
    withdrawalReason: Type.Optional(Type.String()),
    entries: Type.Optional(
      Type.Array(Type.Object({ entryId: EntryId, position: Type.Integer(), inviteId: OpaqueId })),
    ),
  },
  { title: "InviteBatch" },
);
export type InviteBatch = Static<typeof InviteBatch>;

/** Answer to a definition's `PUT`, and what an admin's `GET` shows. */
export const WaitlistView = Type.Object(
  {
    waitlistId: WaitlistId,
    definition: WaitlistDefinition,
    definedAt: Timestamp,
    definedBy: Type.Optional(Type.String({ description: "The name of the admin key." })),
  },
  { title: "WaitlistView" },
);
export type WaitlistView = Static<typeof WaitlistView>;
