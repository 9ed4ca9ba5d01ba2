import { createHttpApp, type HttpAppOptions, requireInternalToken } from "@waitlist/runtime";
import type { FastifyInstance } from "fastify";
import { type BatchReads, batchRoutes } from "./routes/batches.ts";
import { type InviteReads, inviteRoutes } from "./routes/invites.ts";

/** The invite service's HTTP: health and metrics for operators, reads for the gateway behind the shared token. */
export function buildApp(
  options: HttpAppOptions & InviteReads & BatchReads & { internalToken: string },
): FastifyInstance {
  const app = createHttpApp(options);
  app.register(async (internal) => {
    internal.addHook("onRequest", requireInternalToken(options.internalToken));
    await batchRoutes(internal, options);
    await inviteRoutes(internal, options);
  });
  return app;
}
