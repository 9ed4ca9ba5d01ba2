// What the gateway asks of the batches.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { Type } from "@sinclair/typebox";
import {
  BatchesPage,
  BatchesQuery,
  BatchPreview,
  BatchPreviewRequest,
  BatchQuery,
  InviteBatch,
  OpaqueId,
  ProblemError,
  WaitlistId,
  WaitlistParams,
} from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { toInviteBatch } from "../domain/views.ts";
import type { PreviewBatch } from "../handlers/preview-batch.ts";
import { readEntries } from "../handlers/read-entries.ts";
import type { Batches } from "../ports.ts";

const BatchParams = Type.Object({ waitlistId: WaitlistId, batchId: OpaqueId });
const LIST = "/internal/waitlists/:waitlistId/invite-batches";

export interface BatchReads {
  batches: Pick<Batches, "find" | "list" | "chosen">;
  preview: PreviewBatch;
}

export async function batchRoutes(app: FastifyInstance, { batches, preview }: BatchReads): Promise<void> {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get(
    LIST,
    { schema: { params: WaitlistParams, querystring: BatchesQuery, response: { 200: BatchesPage } } },
    async ({ params: { waitlistId }, query: { after = Number.MAX_SAFE_INTEGER, limit } }) => {
      const found = await batches.list(waitlistId, { before: after, limit: limit + 1 });
      const items = found.slice(0, limit).map((batch) => toInviteBatch(batch));
      return { items, next: found.length > limit ? (items.at(-1)?.offset ?? null) : null };
    },
  );

  routes.post(
    `${LIST}/preview`,
    { schema: { params: WaitlistParams, body: BatchPreviewRequest, response: { 200: BatchPreview } } },
    ({ params: { waitlistId }, body }) => preview(waitlistId, body),
  );

  routes.get(
    `${LIST}/:batchId`,
    { schema: { params: BatchParams, querystring: BatchQuery, response: { 200: InviteBatch } } },
    async ({ params: { waitlistId, batchId }, query }) => {
      const batch = await batches.find(batchId);
      if (batch?.waitlistId !== waitlistId) throw new ProblemError("batch-not-found");
      return toInviteBatch(batch, query.include ? await readEntries(batches, batch, query) : undefined);
    },
  );
}
