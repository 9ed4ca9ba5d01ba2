// Batches of invites: what admins ask for, what would come of it, and what became of it.
import { type Static, Type } from "@sinclair/typebox";
import { MAX_NAMED_ENTRIES } from "../events/invite-events.ts";
import { EntryId, OpaqueId } from "../ids.ts";
import { lineOf, wordsOf } from "../text.ts";
import { EntryStatus } from "./entries.ts";

const Count = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const NamedEntries = Type.Array(EntryId, {
  minItems: 1,
  maxItems: MAX_NAMED_ENTRIES,
  uniqueItems: true,
  description: "Who is invited, whatever their place: marked as out of order for ever.",
});

/** Body of `POST /v1/waitlists/{id}/invite-batches`: the next ones in order, or named ones with a reason. */
export const BatchRequest = Type.Union(
  [
    Type.Object({ count: Count, note: Type.Optional(lineOf(500)) }, { additionalProperties: false }),
    Type.Object({ entryIds: NamedEntries, reason: wordsOf(500) }, { additionalProperties: false }),
  ],
  { title: "BatchRequest" },
);
export type BatchRequest = Static<typeof BatchRequest>;

/** Query of the same. */
export const BatchRequestQuery = Type.Object(
  {
    dryRun: Type.Optional(
      Type.Boolean({
        description:
          "Shows who would be invited now; nothing is put on the log, and no `Idempotency-Key` is used up.",
        examples: [false],
      }),
    ),
  },
  { additionalProperties: false },
);

/** Whom a batch would invite: the body of the invite service's preview. */
export const BatchPreviewRequest = Type.Union([
  Type.Object({ count: Count }, { additionalProperties: false }),
  Type.Object({ entryIds: NamedEntries }, { additionalProperties: false }),
]);
export type BatchPreviewRequest = Static<typeof BatchPreviewRequest>;

/** The most entries that a dry run lists. */
export const MAX_PREVIEWED = 1000;

const previewed = {
  count: Type.Integer({ description: "How many are asked for." }),
  eligible: Type.Integer({
    description: "How many of those could be invited now; without names, of the list.",
  }),
  taken: Type.Integer({ description: "How many would be invited." }),
  shortfall: Type.Integer({ description: "How many fewer than asked for." }),
  skipped: Type.Optional(
    Type.Array(
      Type.Object({
        entryId: EntryId,
        status: Type.Union([EntryStatus, Type.Literal("unknown")], {
          description: "Why: only who is `waiting` can be invited. `unknown`: not on this list.",
        }),
      }),
      { description: "Of named entries: which would not be invited." },
    ),
  ),
};
const firstOf = `The first ${MAX_PREVIEWED} of them, in order of position.`;
const PreviewedPlace = { entryId: EntryId, position: Type.Integer({ minimum: 1 }) };

/** What the invite service says of a dry run, which knows no people. */
export const BatchPreview = Type.Object({ ...previewed, entries: Type.Array(Type.Object(PreviewedPlace)) });
export type BatchPreview = Static<typeof BatchPreview>;

/** Answer to a dry run. */
export const BatchDryRun = Type.Object(
  {
    ...previewed,
    entries: Type.Array(
      Type.Object({
        ...PreviewedPlace,
        email: Type.Union([Type.String(), Type.Null()]),
        name: Type.Optional(Type.String()),
      }),
      { description: firstOf },
    ),
  },
  { title: "BatchDryRun" },
);
export type BatchDryRun = Static<typeof BatchDryRun>;

export const BatchAccepted = Type.Object(
  { batchId: OpaqueId, status: Type.Literal("requested") },
  { title: "BatchAccepted" },
);
export type BatchAccepted = Static<typeof BatchAccepted>;
