// An invite and the batch that it is of, as the services answer with them.
import { type InviteBatch, type InviteState, inviteCodeOf } from "@waitlist/contracts";
import { LIST, SECRET } from "./support.ts";

export const CODE = inviteCodeOf(SECRET, "i-1");

export const invite: InviteState = {
  ...{ waitlistId: LIST, entryId: "a".repeat(26), joinOffset: 3 },
  ...{ inviteId: "i-1", batchId: "b-1", position: 42 },
  ...{ expiresAt: "2026-03-08T08:00:00.000Z", state: "open" },
};

/** Asked for by a key that none of the tests shows. */
export const batch: InviteBatch = {
  ...{ batchId: "b-1", waitlistId: LIST, status: "completed", offset: 7 },
  ...{ count: 2, allocated: 2, shortfall: 0 },
  ...{ requestedAt: "2026-03-01T09:30:00.000Z", requestedBy: "somebody else" },
};
