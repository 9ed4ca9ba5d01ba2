import type { BatchesPage, BatchPreview, InviteBatch } from "@waitlist/contracts";
import type { InternalClient } from "@waitlist/runtime";
import type { InviteBatches } from "../ports.ts";
import { queryOf, surely } from "./http-answers.ts";

const batchesOf = (waitlistId: string) => `/internal/waitlists/${waitlistId}/invite-batches`;

/** The invite service over internal HTTP. */
export const createHttpInvite = (client: InternalClient): InviteBatches => ({
  find: (waitlistId, batchId, entries) => {
    const query = entries ? queryOf({ include: "entries", ...entries }) : "";
    return client.get<InviteBatch>(`${batchesOf(waitlistId)}/${batchId}${query}`);
  },
  list: (waitlistId, query) => surely(client.get<BatchesPage>(batchesOf(waitlistId) + queryOf(query))),
  preview: (waitlistId, asked) =>
    surely(client.post<BatchPreview>(`${batchesOf(waitlistId)}/preview`, asked)),
});
