import { createHttpApp, type HttpAppOptions, requireInternalToken } from "@waitlist/runtime";
import type { FastifyInstance } from "fastify";
import { type ClosingWaits, createClosingWaits } from "./closing-waits.ts";
import { type BatchReads, batchRoutes } from "./routes/batches.ts";
import { type InviteReads, inviteRoutes } from "./routes/invites.ts";
import { type ScheduleReads, scheduleRoutes } from "./routes/schedules.ts";

/**
 * The invite service's HTTP: health and metrics for operators, reads for the gateway behind the shared token. Closing it
 * ends waits, so that all in flight is answered.
 */
export function buildApp(
  options: HttpAppOptions &
    InviteReads &
    ScheduleReads &
    BatchReads & { internalToken: string; waits?: ClosingWaits },
): FastifyInstance {
  const app = createHttpApp({ ...options, trusting: true });
  const { waits = createClosingWaits(options.queue) } = options;
  app.addHook("preClose", async () => waits.close());
  app.register(async (internal) => {
    internal.addHook("onRequest", requireInternalToken(options.internalToken));
    await batchRoutes(internal, options);
    await inviteRoutes(internal, { ...options, waits });
    await scheduleRoutes(internal, options);
  });
  return app;
}
