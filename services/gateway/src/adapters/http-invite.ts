import type { InviteBatch } from "@waitlist/contracts";
import type { InternalClient } from "@waitlist/runtime";
import type { InviteBatches } from "../ports.ts";

/** The invite service over internal HTTP. */
export const createHttpInvite = (client: InternalClient): InviteBatches => ({
  find: (waitlistId, batchId, withEntries) =>
    client.get<InviteBatch>(
      `/internal/waitlists/${waitlistId}/invite-batches/${batchId}${withEntries ? "?include=entries" : ""}`,
    ),
});
