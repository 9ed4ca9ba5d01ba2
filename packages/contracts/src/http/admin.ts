// What admins send and get.
import { type Static, Type } from "@sinclair/typebox";
import { Answers } from "../answers.ts";
import { WaitlistDefinition } from "../definition.ts";
import { EntryId, OpaqueId, WaitlistId } from "../ids.ts";
import { lineOf, Timestamp } from "../text.ts";
import { EntryStatus, Undeliverable } from "./entries.ts";

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
    undeliverable: Type.Optional(Undeliverable),
    invite: Type.Optional(
      Type.Object({ inviteId: OpaqueId, code: Type.String(), batchId: OpaqueId, expiresAt: Timestamp }),
    ),
  },
  { title: "AdminEntry" },
);
export type AdminEntry = Static<typeof AdminEntry>;

/** One event that touched an entry. */
export const EntryEvent = Type.Object({
  type: Type.String({ description: "The event's type on the log." }),
  at: Timestamp,
  offset: Type.Integer({ minimum: 0, description: "Where it stands on the log." }),
  cause: Type.String({ description: "What it did to the place, and why." }),
  by: Type.Optional(Type.String({ description: "The name of the key of who asked for it." })),
  repeated: Type.Optional(Type.Literal(true)),
});
export type EntryEvent = Static<typeof EntryEvent>;

/** One entry read alone. */
export const ExplainedEntry = Type.Composite(
  [
    AdminEntry,
    Type.Object({
      history: Type.Array(EntryEvent, {
        description: "Oldest first, the newest 200; of more, repeated signups are left out first.",
      }),
    }),
  ],
  { title: "ExplainedEntry" },
);
export type ExplainedEntry = Static<typeof ExplainedEntry>;

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
