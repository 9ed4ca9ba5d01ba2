// Taking invites back: one, or all of a batch that are not redeemed.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  BatchWithdrawalAccepted,
  createEvent,
  InviteWithdrawalAccepted,
  ProblemError,
  readInviteCode,
  WithdrawalRequest,
} from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { idempotencyKeyOf } from "../domain/headers.ts";
import { EVENT_SOURCE } from "../event-source.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Idempotency } from "../idempotency.ts";
import type { Clock, Definitions, EventLog, InviteBatches, Invites } from "../ports.ts";
import { BatchParams, byAdminKey, CodeParams, IdempotencyHeaders, shown } from "./docs.ts";
import { examples } from "./examples.ts";
import { writeProblems } from "./problem-responses.ts";

interface Deps {
  auth: AdminAuth;
  log: EventLog;
  definitions: Definitions;
  batches: InviteBatches;
  invites: Invites;
  idempotency: Idempotency;
  clock: Clock;
}

const common = {
  tags: ["Invites"],
  security: byAdminKey,
  headers: IdempotencyHeaders,
  body: shown(WithdrawalRequest, examples.withdrawal),
};

const inviteSchema = {
  ...common,
  summary: "Take an invite back",
  description:
    "Unless something else closes it first: what stands first on the log does. No mail is sent for it any more.",
  params: CodeParams,
  response: {
    202: shown(
      InviteWithdrawalAccepted,
      examples.inviteWithdrawal,
      "On the log, or nothing is left to take back.",
    ),
    ...writeProblems("unauthorized", "forbidden", "invite-not-found"),
  },
};

const batchSchema = {
  ...common,
  summary: "Take a batch back",
  description: "Each of its invites that nothing has closed by this request's place on the log.",
  params: BatchParams,
  response: {
    202: shown(BatchWithdrawalAccepted, examples.batchWithdrawal, "On the log, now or before."),
    ...writeProblems("unauthorized", "forbidden", "waitlist-not-found", "batch-not-found"),
  },
};

const REQUESTED = "withdrawal-requested" as const;

export function withdrawalRoutes(app: FastifyInstance, deps: Deps): void {
  const { auth, definitions, idempotency } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.post(
    "/invites/:code/withdrawal",
    { schema: inviteSchema, onRequest: auth.require("admin") },
    async ({ params: { code }, body, headers, adminKey }, reply) => {
      const key = idempotencyKeyOf(headers["idempotency-key"]);
      const said = { requestedBy: adminKey?.name ?? "", ...body };
      const scope = `withdraw ${readInviteCode(code)}`;
      const accepted = await idempotency.once({ scope, key, body }, () => withdrawInvite(deps, code, said));
      return reply.code(202).send(accepted);
    },
  );

  routes.post(
    "/waitlists/:waitlistId/invite-batches/:batchId/withdrawal",
    { schema: batchSchema, onRequest: auth.require("admin") },
    async ({ params, body, headers, adminKey }, reply) => {
      const key = idempotencyKeyOf(headers["idempotency-key"]);
      if (!(await definitions.get(params.waitlistId))) throw new ProblemError("waitlist-not-found");
      const said = { requestedBy: adminKey?.name ?? "", ...body };
      const scope = `withdraw ${params.waitlistId} ${params.batchId}`;
      const accepted = await idempotency.once({ scope, key, body }, () => withdrawBatch(deps, params, said));
      return reply.code(202).send(accepted);
    },
  );
}

/** Who withdraws, and why. */
interface Said {
  requestedBy: string;
  reason?: string;
}

async function withdrawInvite({ invites, log, clock }: Deps, code: string, said: Said) {
  const found = await invites.find(code);
  if (!found) throw new ProblemError("invite-not-found");
  const { waitlistId, entryId, joinOffset, inviteId, state } = found;
  if (state !== "open") return { inviteId, status: state };
  const data = { waitlistId, entryId, joinOffset, inviteId, ...said };
  await log.append(createEvent("InviteWithdrawn", data, { source: EVENT_SOURCE, at: clock() }));
  return { inviteId, status: REQUESTED };
}

async function withdrawBatch(
  { batches, log, clock }: Deps,
  { waitlistId, batchId }: { waitlistId: string; batchId: string },
  said: Said,
) {
  const batch = await batches.find(waitlistId, batchId, false);
  if (!batch) throw new ProblemError("batch-not-found");
  if (batch.status === "withdrawn") return { batchId, status: batch.status };
  const data = { waitlistId, batchId, ...said };
  await log.append(createEvent("InviteBatchWithdrawn", data, { source: EVENT_SOURCE, at: clock() }));
  return { batchId, status: REQUESTED };
}
