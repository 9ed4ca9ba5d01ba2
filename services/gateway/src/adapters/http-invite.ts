import { type InviteBatch, type InviteState, readInviteCode } from "@waitlist/contracts";
import type { InternalClient } from "@waitlist/runtime";
import type { InviteBatches, Invites } from "../ports.ts";

/** Asked for in place of what can't be a code, and nobody's: every code takes the same way. */
const NO_CODE = "-";

/** The invite service over internal HTTP. */
export const createHttpInvite = (client: InternalClient): { batches: InviteBatches; invites: Invites } => ({
  batches: {
    find: (waitlistId, batchId, withEntries) =>
      client.get<InviteBatch>(
        `/internal/waitlists/${waitlistId}/invite-batches/${batchId}${withEntries ? "?include=entries" : ""}`,
      ),
  },
  invites: {
    find: (code, waitMs = 0) =>
      client.get<InviteState>(
        `/internal/invites/${readInviteCode(code) ?? NO_CODE}?wait=${Math.floor(waitMs)}`,
      ),
  },
});
