// Sending mails again that failed, or that may not have arrived.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { ResendAccepted, ResendOneRequest, ResendRequest } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { type Asking, type ResendDeps, resendMail, resendMails } from "../acts/resend.ts";
import { idempotencyKeyOf } from "../domain/headers.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Idempotency } from "../idempotency.ts";
import type { Definitions } from "../ports.ts";
import { requireList } from "../require-list.ts";
import { byAdminKey, IdempotencyHeaders, MailParams, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { writeProblems } from "./problem-responses.ts";

interface Deps extends ResendDeps {
  auth: AdminAuth;
  definitions: Definitions;
  idempotency: Idempotency;
}

const common = {
  tags: ["Mails"],
  security: byAdminKey,
  headers: IdempotencyHeaders,
};
const accepted = shown(ResendAccepted, examples.resendAccepted, "On the log; the email service follows it.");

const oneSchema = {
  ...common,
  summary: "Send a mail again",
  description:
    "One that failed, that may not have arrived, or that was held back because its address takes no mail: then it goes " +
    "there all the same, and no other does. Never to somebody who has left or was erased meanwhile, nor about an " +
    "invite that is closed: the log shows the request, and the mail its status.",
  params: MailParams,
  body: shown(ResendOneRequest, {}),
  response: {
    202: accepted,
    ...writeProblems(
      ...(["unauthorized", "forbidden", "waitlist-not-found"] as const),
      ...(["mail-not-found", "mail-not-resendable"] as const),
    ),
  },
};

const allSchema = {
  ...common,
  summary: "Send all failed mails again",
  description:
    "All that have this status when the email service reads the request, of one kind or of all; but for addresses that " +
    "take no mail. Of what is `ambiguous`, whoever got it gets it twice.",
  params: WaitlistParams,
  body: shown(ResendRequest, examples.resendRequest),
  response: { 202: accepted, ...writeProblems("unauthorized", "forbidden", "waitlist-not-found") },
};

export function mailResendRoutes(app: FastifyInstance, deps: Deps): void {
  const { auth, definitions, idempotency } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  const once = async (
    { waitlistId, idempotencyKey: key }: Asking,
    what: { scope: string; body: unknown },
    run: () => Promise<ResendAccepted>,
  ) => {
    await requireList(definitions, waitlistId);
    return idempotency.once({ ...what, key }, run);
  };

  routes.post(
    "/waitlists/:waitlistId/mails/:mailId/resend",
    { schema: oneSchema, onRequest: auth.require("admin") },
    async ({ params: { waitlistId, mailId }, body, headers, adminKey }, reply) => {
      const idempotencyKey = idempotencyKeyOf(headers["idempotency-key"]);
      const asking = { waitlistId, idempotencyKey, requestedBy: adminKey?.name ?? "" };
      const what = { scope: `resend ${waitlistId} ${mailId}`, body };
      const answer = await once(asking, what, () => resendMail(deps, mailId, asking));
      return reply.code(202).send(answer);
    },
  );

  routes.post(
    "/waitlists/:waitlistId/mails/resend",
    { schema: allSchema, onRequest: auth.require("admin") },
    async ({ params: { waitlistId }, body, headers, adminKey }, reply) => {
      const idempotencyKey = idempotencyKeyOf(headers["idempotency-key"]);
      const asking = { waitlistId, idempotencyKey, requestedBy: adminKey?.name ?? "" };
      const what = { scope: `resend ${waitlistId}`, body };
      const answer = await once(asking, what, () => resendMails(deps, body, asking));
      return reply.code(202).send(answer);
    },
  );
}
