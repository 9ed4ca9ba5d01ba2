// Asking for invites, or only who would get them.
import { randomUUID } from "node:crypto";
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  BatchAccepted,
  BatchDryRun,
  BatchRequest,
  BatchRequestQuery,
  batchIdOf,
  createEvent,
} from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { idempotencyKeyOf } from "../domain/headers.ts";
import { createDryRun } from "../dry-run.ts";
import { EVENT_SOURCE } from "../event-source.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Idempotency } from "../idempotency.ts";
import type { Clock, Definitions, EventLog, InviteBatches, Storage } from "../ports.ts";
import { untilReadable } from "../readable-batch.ts";
import { requireList } from "../require-list.ts";
import { byAdminKey, IdempotencyHeaders, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { writeProblems } from "./problem-responses.ts";

interface Deps {
  auth: AdminAuth;
  log: EventLog;
  definitions: Definitions;
  batches: InviteBatches;
  storage: Pick<Storage, "people">;
  idempotency: Idempotency;
  clock: Clock;
  secret: string;
}

const [inOrder, byName] = BatchRequest.anyOf;

const schema = {
  tags: ["Invites"],
  summary: "Invite the next ones, or named ones",
  description:
    "The first `count` who wait, in order of position, or with a `reason` those of `entryIds` who wait: as of this " +
    "request's place on the log. With `dryRun` only who that would be now.",
  security: byAdminKey,
  params: WaitlistParams,
  headers: IdempotencyHeaders,
  querystring: BatchRequestQuery,
  body: Type.Union([shown(inOrder, examples.batchRequest), shown(byName, examples.namedBatchRequest)], {
    title: "BatchRequest",
  }),
  response: {
    200: shown(BatchDryRun, examples.batchDryRun, "Who would be invited; nothing has happened."),
    202: shown(BatchAccepted, examples.batchAccepted, "On the log; the invites follow from it."),
    ...writeProblems("unauthorized", "forbidden", "waitlist-not-found"),
  },
};

export function inviteRequestRoutes(app: FastifyInstance, deps: Deps): void {
  const { auth, log, definitions, batches, storage, idempotency, clock, secret } = deps;
  const dryRun = createDryRun(batches, storage);

  /** Derived from the key, so that a repeat is the same batch even where Redis has forgotten the key. */
  const batchIdFor = (waitlistId: string, key: string | undefined) =>
    key === undefined ? `b-${randomUUID()}` : batchIdOf(secret, waitlistId, key);

  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      "/waitlists/:waitlistId/invite-batches",
      { schema, onRequest: auth.require("admin") },
      async ({ params: { waitlistId }, query, body, headers, adminKey, log: ownLog }, reply) => {
        const key = idempotencyKeyOf(headers["idempotency-key"]);
        await requireList(definitions, waitlistId);
        if (query.dryRun) return reply.code(200).send(await dryRun(waitlistId, body));
        const request = async () => {
          const batchId = batchIdFor(waitlistId, key);
          const data = { waitlistId, batchId, ...body, requestedBy: adminKey?.name ?? "" };
          await log.append(createEvent("InviteBatchRequested", data, { source: EVENT_SOURCE, at: clock() }));
          return { batchId };
        };
        const { batchId } = await idempotency.once({ scope: `invite ${waitlistId}`, key, body }, request);
        await untilReadable(batches, { waitlistId, batchId }, ownLog);
        return reply.code(202).send({ batchId, status: "requested" });
      },
    );
}
