// A list's mails as they would go out now: to look at, and one to an address of the admin's own.
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  MAIL_KINDS,
  MailKindName,
  MailPreviewQuery,
  ProblemError,
  parseAddress,
  TestMailRequest,
  TestMailSent,
} from "@waitlist/contracts";
import { createLetters, letterList, sampleFacts } from "@waitlist/letters";
import type { FastifyInstance } from "fastify";
import { idempotencyKeyOf } from "../domain/headers.ts";
import { sampleUrls } from "../domain/sample-urls.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import { MAIL_CONTENT_POLICY } from "../http/security-headers.ts";
import type { Idempotency } from "../idempotency.ts";
import type { Clock, Storage, TestMails } from "../ports.ts";
import { sendTestMail } from "../send-test-mail.ts";
import { byAdminKey, IdempotencyHeaders, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems, writeProblems } from "./problem-responses.ts";

interface Deps {
  auth: AdminAuth;
  storage: Pick<Storage, "waitlist">;
  testMails: TestMails;
  idempotency: Idempotency;
  clock: Clock;
  publicUrl: string;
}

const MailKindParams = Type.Object({
  ...WaitlistParams.properties,
  kind: shown(MailKindName, "welcome", "Which of the mails."),
});

/** In the path's pattern, so that other paths below `mails` can stand beside these. */
const KIND = `:kind(^(?:${MAIL_KINDS.join("|")})$)`;

/** Previews are looked at one at a time. */
const REMEMBERED = 50;

const previewSchema = {
  tags: ["Mails"],
  summary: "Preview a mail",
  description:
    "As it would go out now, with sample data: one person, one place, links that lead nowhere. Its subject stands in the header " +
    "`Mail-Subject`, percent-encoded. HTML is to be shown in a sandbox; the answer's own policy says so, too.",
  security: byAdminKey,
  params: MailKindParams,
  querystring: MailPreviewQuery,
  response: {
    200: {
      description: "The mail.",
      content: {
        "text/html": { schema: shown(Type.String(), '<!doctype html><html lang="de" dir="ltr">…</html>') },
        "text/plain": { schema: shown(Type.String(), "Du stehst auf der Liste\n\n…") },
      },
    },
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found"),
  },
};

const testSchema = {
  tags: ["Mails"],
  summary: "Send a test mail",
  description:
    "One such mail with sample data to an address of yours, its subject marked, past the queue and its records. Answered when " +
    "the mail server has answered. While Redis is away, a repeat under its `Idempotency-Key` is another mail.",
  security: byAdminKey,
  params: MailKindParams,
  headers: IdempotencyHeaders,
  body: shown(TestMailRequest, examples.testMail),
  response: {
    200: shown(TestMailSent, examples.testMailSent, "The mail server took it."),
    ...writeProblems("unauthorized", "forbidden", "waitlist-not-found", "mail-refused"),
  },
};

export function mailPreviewRoutes(app: FastifyInstance, deps: Deps): void {
  const { auth, storage, testMails, idempotency, clock, publicUrl } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  const letters = createLetters({ max: REMEMBERED });

  /** As it is now: admins change it and look again. */
  const listOf = async (waitlistId: string) => {
    const stored = await storage.waitlist(waitlistId);
    if (!stored) throw new ProblemError("waitlist-not-found");
    return stored;
  };

  routes.get(
    `/waitlists/:waitlistId/mails/${KIND}`,
    { schema: previewSchema, onRequest: auth.require("read") },
    async ({ params: { waitlistId, kind }, query: { format, ...sample } }, reply) => {
      const { definition, offset } = await listOf(waitlistId);
      const urls = sampleUrls(definition, publicUrl, sample.standing);
      const facts = sampleFacts(kind, { ...sample, now: clock(), urls });
      const { subject, text, html } = await letters.write(letterList(waitlistId, definition, offset), facts);
      reply.header("mail-subject", encodeURIComponent(subject));
      if (format === "text") return reply.type("text/plain; charset=utf-8").send(text);
      return reply
        .type("text/html; charset=utf-8")
        .header("content-security-policy", MAIL_CONTENT_POLICY)
        .send(html);
    },
  );

  routes.post(
    `/waitlists/:waitlistId/mails/${KIND}/test`,
    { schema: testSchema, onRequest: auth.require("admin") },
    async ({ params: { waitlistId, kind }, body, headers, adminKey, log }) => {
      const key = idempotencyKeyOf(headers["idempotency-key"]);
      if (!parseAddress(body.to)) {
        const errors = [{ path: "/to", message: "is not a mail address" }];
        throw new ProblemError("invalid-request", undefined, { errors });
      }
      const scope = `test mail ${waitlistId} ${kind}`;
      return idempotency.once({ scope, key, body }, async () => {
        const { definition, offset } = await listOf(waitlistId);
        // Nothing else keeps who asked: such a mail has no place in the records.
        log.info({ by: adminKey?.name, waitlistId, kind }, "a test mail is sent");
        return sendTestMail(testMails, { waitlistId, kind, order: { ...body, definition, offset } });
      });
    },
  );
}
