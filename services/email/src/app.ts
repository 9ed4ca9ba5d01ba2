import { createHttpApp, type HttpAppOptions, requireInternalToken } from "@waitlist/runtime";
import type { FastifyInstance } from "fastify";
import type { MailLedger } from "./ports.ts";
import { internalRoutes } from "./routes/internal.ts";

/** The email service's HTTP: health and metrics for operators, counts for the gateway behind the shared token. */
export function buildApp(
  options: HttpAppOptions & { internalToken: string; ledger: Pick<MailLedger, "counts"> },
): FastifyInstance {
  const { internalToken, ledger, ...http } = options;
  const app = createHttpApp(http);
  app.register(async (internal) => {
    internal.addHook("onRequest", requireInternalToken(internalToken));
    await internalRoutes(internal, { ledger });
  });
  return app;
}
