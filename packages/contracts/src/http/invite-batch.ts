// A batch of invites as admins see it, and how its entries and a list's batches are paged.
import { type Static, Type } from "@sinclair/typebox";
import { EntryId, OpaqueId, WaitlistId } from "../ids.ts";
import { Timestamp } from "../text.ts";

export const BATCH_STATUSES = ["requested", "running", "completed", "withdrawn"] as const;

export const InviteBatch = Type.Object(
  {
    batchId: OpaqueId,
    waitlistId: WaitlistId,
    status: Type.Union(BATCH_STATUSES.map((status) => Type.Literal(status))),
    offset: Type.Integer({
      description: "Where the request stands on the log: who was eligible there counts.",
    }),
    count: Type.Integer({ description: "How many are asked for." }),
    eligible: Type.Optional(
      Type.Integer({ description: "How many could be invited at that offset; of named entries, of those." }),
    ),
    taken: Type.Optional(
      Type.Integer({ description: "How many of them were chosen, once that is decided." }),
    ),
    allocated: Type.Integer({ description: "How many of the chosen have their invite by now." }),
    shortfall: Type.Integer({ description: "How many fewer than asked for." }),
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
    requestedBy: Type.String({ description: "The name of the admin key that asked." }),
    expiresAt: Type.Optional({ ...Timestamp, description: "When its invites expire." }),
    completedAt: Type.Optional({
      ...Timestamp,
      description: "Since when all of its invites are out; each of them can be redeemed.",
    }),
    completedOffset: Type.Optional(
      Type.Integer({ description: "Where its completion stands on the log, behind all of its invites." }),
    ),
    withdrawnAt: Type.Optional(Timestamp),
    withdrawnBy: Type.Optional(Type.String()),
    withdrawalReason: Type.Optional(Type.String()),
    entries: Type.Optional(
      Type.Array(Type.Object({ entryId: EntryId, position: Type.Integer(), inviteId: OpaqueId })),
    ),
    entriesNext: Type.Optional(
      Type.Union([Type.Integer(), Type.Null()], {
        description:
          "`after` of the next page of `entries`; null where these are all that have their invite.",
      }),
    ),
  },
  { title: "InviteBatch" },
);
export type InviteBatch = Static<typeof InviteBatch>;

/** The most entries that one answer lists. */
export const MAX_BATCH_ENTRIES = 10_000;

/** Query of `GET /v1/waitlists/{id}/invite-batches/{batchId}`. What a batch has chosen never changes. */
export const BatchQuery = Type.Object(
  {
    include: Type.Optional(
      Type.Literal("entries", {
        description: "Who was invited, in order of position.",
        examples: ["entries"],
      }),
    ),
    after: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 0,
      description: "How many entries to pass over: the `entriesNext` of the page before.",
      examples: [0],
    }),
    limit: Type.Integer({
      minimum: 1,
      maximum: MAX_BATCH_ENTRIES,
      default: MAX_BATCH_ENTRIES,
      description: "How many entries to list.",
      examples: [1000],
    }),
  },
  { additionalProperties: false },
);
export type BatchQuery = Static<typeof BatchQuery>;

/** Query of `GET /v1/waitlists/{id}/invite-batches`. */
export const BatchesQuery = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: "The `next` of the page before: the offset of its last batch.",
        examples: [1041],
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, examples: [20] }),
  },
  { additionalProperties: false },
);
export type BatchesQuery = Static<typeof BatchesQuery>;

export const BatchesPage = Type.Object(
  { items: Type.Array(InviteBatch), next: Type.Union([Type.Integer(), Type.Null()]) },
  { title: "BatchesPage" },
);
export type BatchesPage = Static<typeof BatchesPage>;
