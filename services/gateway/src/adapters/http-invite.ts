import {
  type BatchesPage,
  type BatchPreview,
  type InviteBatch,
  type InviteState,
  readInviteCode,
} from "@waitlist/contracts";
import type { InternalClient } from "@waitlist/runtime";
import type { InviteBatches, Invites, Storage } from "../ports.ts";
import { createRedeemableBatches } from "../redeemable-batches.ts";
import { queryOf, surely } from "./http-answers.ts";

/** Asked for in place of what can't be a code, and nobody's: every code takes the same way. */
const NO_CODE = "-";

const batchesOf = (waitlistId: string) => `/internal/waitlists/${waitlistId}/invite-batches`;

/** The invite service over internal HTTP; of `storage` it takes whether a batch's invites are there, too. */
export const createHttpInvite = (
  client: InternalClient,
  storage: Pick<Storage, "position">,
): { batches: InviteBatches; invites: Invites } => ({
  batches: createRedeemableBatches(
    {
      find: (waitlistId, batchId, entries) => {
        const query = entries ? queryOf({ include: "entries", ...entries }) : "";
        return client.get<InviteBatch>(`${batchesOf(waitlistId)}/${batchId}${query}`);
      },
      list: (waitlistId, query) => surely(client.get<BatchesPage>(batchesOf(waitlistId) + queryOf(query))),
      preview: (waitlistId, asked) =>
        surely(client.post<BatchPreview>(`${batchesOf(waitlistId)}/preview`, asked)),
    },
    storage,
  ),
  invites: {
    find: (code, waitMs = 0) =>
      client.get<InviteState>(
        `/internal/invites/${readInviteCode(code) ?? NO_CODE}?wait=${Math.floor(waitMs)}`,
      ),
  },
});
