// What the gateway asks of the batches.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { Type } from "@sinclair/typebox";
import { InviteBatch, OpaqueId, ProblemError, WaitlistId, WaitlistParams } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { Batch } from "../domain/batch.ts";
import type { ChosenPlace } from "../domain/choosing.ts";
import { toInviteBatch } from "../domain/views.ts";
import type { Batches } from "../ports.ts";

/** The most entries that one answer lists, the lowest positions of the batch; larger batches are cut there. */
export const MAX_ENTRIES = 10_000;
const MAX_BATCHES = 100;

const BatchParams = Type.Object({ waitlistId: WaitlistId, batchId: OpaqueId });
const BatchQuery = Type.Object(
  { include: Type.Optional(Type.Literal("entries")) },
  { additionalProperties: false },
);
const BatchList = Type.Object({ items: Type.Array(InviteBatch) });

export type BatchReads = Pick<Batches, "find" | "list" | "chosen">;

export async function batchRoutes(app: FastifyInstance, batches: BatchReads): Promise<void> {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get(
    "/internal/waitlists/:waitlistId/invite-batches",
    { schema: { params: WaitlistParams, response: { 200: BatchList } } },
    async ({ params: { waitlistId } }) => {
      const found = await batches.list(waitlistId, MAX_BATCHES);
      return { items: found.map((batch) => toInviteBatch(batch)) };
    },
  );

  routes.get(
    "/internal/waitlists/:waitlistId/invite-batches/:batchId",
    { schema: { params: BatchParams, querystring: BatchQuery, response: { 200: InviteBatch } } },
    async ({ params: { waitlistId, batchId }, query }) => {
      const batch = await batches.find(batchId);
      if (batch?.waitlistId !== waitlistId) throw new ProblemError("batch-not-found");
      return toInviteBatch(batch, query.include ? await invited(batch, batches) : undefined);
    },
  );
}

/** The places whose invites are on the log, in order of position. */
async function invited(batch: Batch, batches: BatchReads): Promise<ChosenPlace[]> {
  const { batchId, progress } = batch;
  const wanted = Math.min(progress.upTo, MAX_ENTRIES);
  const places: ChosenPlace[] = [];
  for (let part = 0; places.length < wanted; part += 1) {
    places.push(...(await batches.chosen(batchId, part)));
  }
  return places.slice(0, wanted);
}
