import { createHttpApp, type HttpAppOptions, requireInternalToken } from "@waitlist/runtime";
import type { FastifyInstance } from "fastify";
import { internalRoutes } from "./routes/internal.ts";
import type { RecordReads } from "./routes/record-reads.ts";

/** Storage's HTTP: health and metrics for operators, reads for the gateway behind the shared token. */
export function buildApp(
  options: HttpAppOptions & { internalToken: string; reads: RecordReads },
): FastifyInstance {
  const app = createHttpApp({ ...options, trusting: true });
  app.register(async (internal) => {
    internal.addHook("onRequest", requireInternalToken(options.internalToken));
    await internalRoutes(internal, options.reads);
  });
  return app;
}
