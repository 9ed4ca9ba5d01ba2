// Redeeming an invite, by the team's own backend.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { Redemption, RedemptionRequest } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { type RedeemDeps, redeemInvite } from "../acts/redeem.ts";
import { idempotencyKeyOf } from "../domain/headers.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import { byAdminKey, CodeParams, IdempotencyHeaders, shown } from "./docs.ts";
import { examples } from "./examples.ts";
import { writeProblems } from "./problem-responses.ts";

interface Deps extends RedeemDeps {
  auth: AdminAuth;
}

const schema = {
  tags: ["Invites"],
  summary: "Redeem an invite",
  description:
    "With a key of scope `redeem`. What stands first on the log closes an invite: of any number of attempts one is " +
    "answered with 200, and that one again under the same `Idempotency-Key` of the same key, at any later time. An " +
    "invite past its `expiresAt` can be redeemed until its expiry stands on the log. After a 503 it may or may not be " +
    "redeemed: ask again with the same `Idempotency-Key`.",
  security: byAdminKey,
  params: CodeParams,
  headers: IdempotencyHeaders,
  body: shown(RedemptionRequest, {}),
  response: {
    200: shown(Redemption, examples.redemption, "Redeemed by this request, now or before."),
    ...writeProblems(
      ...(["unauthorized", "forbidden", "invite-not-found", "invite-redeemed"] as const),
      ...(["invite-expired", "invite-withdrawn", "invite-gone"] as const),
    ),
  },
};

export function inviteRoutes(app: FastifyInstance, deps: Deps): void {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      "/invites/:code/redemption",
      { schema, onRequest: deps.auth.require("redeem") },
      async ({ params: { code }, headers, adminKey }) => {
        const key = idempotencyKeyOf(headers["idempotency-key"]);
        return redeemInvite(deps, { code, by: adminKey?.name ?? "", key });
      },
    );
}
