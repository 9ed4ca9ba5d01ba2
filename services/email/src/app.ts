import { createHttpApp, type HttpAppOptions, requireInternalToken } from "@waitlist/runtime";
import type { FastifyInstance } from "fastify";
import { internalRoutes, type MailDesk } from "./routes/internal.ts";
import { type TestMailDeps, testMailRoutes } from "./routes/test-mails.ts";

/**
 * The email service's HTTP: health and metrics for operators; mails, reports and test mails for the gateway, behind the
 * shared token.
 */
export function buildApp(
  options: HttpAppOptions & MailDesk & { internalToken: string; testMails: TestMailDeps },
): FastifyInstance {
  const { internalToken, ledger, recipients, receiveReport, testMails, ...http } = options;
  const app = createHttpApp({ ...http, trusting: true });
  app.register(async (internal) => {
    internal.addHook("onRequest", requireInternalToken(internalToken));
    await internalRoutes(internal, { ledger, recipients, receiveReport });
    await testMailRoutes(internal, testMails);
  });
  return app;
}
