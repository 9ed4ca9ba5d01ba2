// What the gateway asks of storage about several people at once.
import { type Static, Type } from "@sinclair/typebox";
import { MAX_PREVIEWED } from "./http/invite-batches.ts";
import { EntryId } from "./ids.ts";

/** Body of `POST /internal/waitlists/{waitlistId}/people` of storage: whose address and name is asked for. */
export const PeopleRequest = Type.Object(
  { entryIds: Type.Array(EntryId, { maxItems: MAX_PREVIEWED }) },
  { additionalProperties: false },
);

/** The answer, in no order; nobody who is unknown to the list, or forgotten. */
export const People = Type.Object({
  items: Type.Array(
    Type.Object({
      entryId: EntryId,
      email: Type.Union([Type.String(), Type.Null()]),
      name: Type.Optional(Type.String()),
    }),
  ),
});
export type People = Static<typeof People>;
