// Taking invites back: one, or all of a batch that are not redeemed.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  BatchWithdrawalAccepted,
  InviteWithdrawalAccepted,
  readInviteCode,
  WithdrawalRequest,
} from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { type WithdrawDeps, withdrawBatch, withdrawInvite } from "../acts/withdraw.ts";
import { idempotencyKeyOf } from "../domain/headers.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Idempotency } from "../idempotency.ts";
import type { Definitions } from "../ports.ts";
import { requireList } from "../require-list.ts";
import { BatchParams, byAdminKey, CodeParams, IdempotencyHeaders, shown } from "./docs.ts";
import { examples } from "./examples.ts";
import { writeProblems } from "./problem-responses.ts";

interface Deps extends WithdrawDeps {
  auth: AdminAuth;
  definitions: Definitions;
  idempotency: Idempotency;
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
      await requireList(definitions, params.waitlistId);
      const said = { requestedBy: adminKey?.name ?? "", ...body };
      const scope = `withdraw ${params.waitlistId} ${params.batchId}`;
      const accepted = await idempotency.once({ scope, key, body }, () => withdrawBatch(deps, params, said));
      return reply.code(202).send(accepted);
    },
  );
}
