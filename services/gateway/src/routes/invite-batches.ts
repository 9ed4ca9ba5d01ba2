// Following what became of invite batches.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { BatchesPage, BatchesQuery, BatchQuery, InviteBatch, ProblemError } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Definitions, InviteBatches } from "../ports.ts";
import { requireList } from "../require-list.ts";
import { BatchParams, byAdminKey, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems } from "./problem-responses.ts";

interface Deps {
  auth: AdminAuth;
  definitions: Definitions;
  batches: InviteBatches;
}

const listSchema = {
  tags: ["Invites"],
  summary: "List invite batches",
  description: "The newest first, with their progress; `after` is the `next` of the page before.",
  security: byAdminKey,
  params: WaitlistParams,
  querystring: BatchesQuery,
  response: {
    200: shown(BatchesPage, examples.batchesPage, "One page."),
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found"),
  },
};

const getSchema = {
  tags: ["Invites"],
  summary: "See an invite batch",
  description:
    "Who asked, what was eligible, what was taken, and how far it is. With `include=entries` whom it invites, at most " +
    "10,000 in one answer: `entriesNext` says where the rest begins.",
  security: byAdminKey,
  params: BatchParams,
  querystring: BatchQuery,
  response: {
    200: shown(InviteBatch, examples.batch, "The batch as it is now."),
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found", "batch-not-found"),
  },
};

export function inviteBatchRoutes(app: FastifyInstance, { auth, definitions, batches }: Deps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get(
    "/waitlists/:waitlistId/invite-batches",
    { schema: listSchema, onRequest: auth.require("read") },
    async ({ params: { waitlistId }, query }) => {
      await requireList(definitions, waitlistId);
      return batches.list(waitlistId, query);
    },
  );

  routes.get(
    "/waitlists/:waitlistId/invite-batches/:batchId",
    { schema: getSchema, onRequest: auth.require("read") },
    async ({ params: { waitlistId, batchId }, query: { include, ...page } }) => {
      await requireList(definitions, waitlistId);
      const batch = await batches.find(waitlistId, batchId, include && page);
      if (!batch) throw new ProblemError("batch-not-found");
      return batch;
    },
  );
}
