// Asking for invites, and following what became of them.
import { randomUUID } from "node:crypto";
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  BatchAccepted,
  BatchRequest,
  batchIdOf,
  createEvent,
  InviteBatch,
  ProblemError,
} from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { idempotencyKeyOf } from "../domain/headers.ts";
import { EVENT_SOURCE } from "../event-source.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Idempotency } from "../idempotency.ts";
import type { Clock, Definitions, EventLog, InviteBatches } from "../ports.ts";
import { BatchParams, byAdminKey, IdempotencyHeaders, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems, writeProblems } from "./problem-responses.ts";

interface Deps {
  auth: AdminAuth;
  log: EventLog;
  definitions: Definitions;
  batches: InviteBatches;
  idempotency: Idempotency;
  clock: Clock;
  secret: string;
}

const postSchema = {
  tags: ["Invites"],
  summary: "Invite the next ones",
  description: "The first `count` who wait, in order of position, as of this request's place on the log.",
  security: byAdminKey,
  params: WaitlistParams,
  headers: IdempotencyHeaders,
  body: shown(BatchRequest, examples.batchRequest),
  response: {
    202: shown(BatchAccepted, examples.batchAccepted, "On the log; the invites follow from it."),
    ...writeProblems("unauthorized", "forbidden", "waitlist-not-found"),
  },
};

const getSchema = {
  tags: ["Invites"],
  summary: "See an invite batch",
  security: byAdminKey,
  params: BatchParams,
  querystring: Type.Object(
    {
      include: Type.Optional(
        Type.Literal("entries", {
          description: "Who was invited, in order of position.",
          examples: ["entries"],
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: shown(InviteBatch, examples.batch, "The batch as it is now."),
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found", "batch-not-found"),
  },
};

export function inviteBatchRoutes(app: FastifyInstance, deps: Deps): void {
  const { auth, log, definitions, batches, idempotency, clock, secret } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  const ensureList = async (waitlistId: string) => {
    if (!(await definitions.get(waitlistId))) throw new ProblemError("waitlist-not-found");
  };

  routes.post(
    "/waitlists/:waitlistId/invite-batches",
    { schema: postSchema, onRequest: auth.require("admin") },
    async ({ params: { waitlistId }, body, headers, adminKey }, reply) => {
      const key = idempotencyKeyOf(headers["idempotency-key"]);
      await ensureList(waitlistId);
      const request = async () => {
        // Derived from the key, so that a repeat is the same batch even where Redis has forgotten the key.
        const batchId = key === undefined ? `b-${randomUUID()}` : batchIdOf(secret, waitlistId, key);
        const data = { waitlistId, batchId, ...body, requestedBy: adminKey?.name ?? "" };
        await log.append(createEvent("InviteBatchRequested", data, { source: EVENT_SOURCE, at: clock() }));
        return { batchId };
      };
      const { batchId } = await idempotency.once({ scope: `invite ${waitlistId}`, key, body }, request);
      return reply.code(202).send({ batchId, status: "requested" });
    },
  );

  routes.get(
    "/waitlists/:waitlistId/invite-batches/:batchId",
    { schema: getSchema, onRequest: auth.require("read") },
    async ({ params: { waitlistId, batchId }, query }) => {
      await ensureList(waitlistId);
      const batch = await batches.find(waitlistId, batchId, query.include === "entries");
      if (!batch) throw new ProblemError("batch-not-found");
      return batch;
    },
  );
}
