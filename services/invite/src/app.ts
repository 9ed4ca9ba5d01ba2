import { createHttpApp, type HttpAppOptions, requireInternalToken } from "@waitlist/runtime";
import type { FastifyInstance } from "fastify";
import type { Batches } from "./ports.ts";
import { internalRoutes } from "./routes/internal.ts";

/** The invite service's HTTP: health and metrics for operators, reads for the gateway behind the shared token. */
export function buildApp(
  options: HttpAppOptions & { internalToken: string; batches: Pick<Batches, "find" | "list" | "chosen"> },
): FastifyInstance {
  const app = createHttpApp(options);
  app.register(async (internal) => {
    internal.addHook("onRequest", requireInternalToken(options.internalToken));
    await internalRoutes(internal, options.batches);
  });
  return app;
}
