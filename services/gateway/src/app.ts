import { createHttpApp, HTTP_LIMITS, type HttpAppOptions } from "@waitlist/runtime";
import type { Tokens } from "@waitlist/tokens";
import type { FastifyInstance } from "fastify";
import { createFacts, type Facts } from "./acts/facts.ts";
import { createAdmission } from "./admission.ts";
import type { AppliedWaits } from "./applied-waits.ts";
import { createDefineWaitlist } from "./define-waitlist.ts";
import type { AdminKeys } from "./domain/admin-keys.ts";
import { createAdminAuth } from "./http/admin-auth.ts";
import { allowOrigins } from "./http/cors.ts";
import { judgeRequests, refuseLimited } from "./http/limit-requests.ts";
import { setSecurityHeaders } from "./http/security-headers.ts";
import type { Idempotency } from "./idempotency.ts";
import { registerLagMetrics } from "./lag-metrics.ts";
import { createLive, type Live, type LiveOptions } from "./live/live.ts";
import { pageRoutes } from "./pages/routes.ts";
import type { Places } from "./places.ts";
import type {
  Announcements,
  Clock,
  DeadLetters,
  Definitions,
  DeliveryReports,
  EventLog,
  InviteBatches,
  InviteSchedules,
  Invites,
  LagReads,
  Mails,
  Storage,
  TestMails,
} from "./ports.ts";
import type { Protections } from "./protections.ts";
import { createRefusedSignups } from "./refused-signups.ts";
import { actRoutes } from "./routes/acts.ts";
import { adminEntryRoutes } from "./routes/admin-entries.ts";
import { challengeRoutes } from "./routes/challenges.ts";
import { deadLetterRoutes } from "./routes/dead-letters.ts";
import { deliveryReportRoutes } from "./routes/delivery-reports.ts";
import { type DocumentOptions, describeApi, serveDocuments } from "./routes/documents.ts";
import { entryRoutes } from "./routes/entries.ts";
import { inviteBatchRoutes } from "./routes/invite-batches.ts";
import { inviteRequestRoutes } from "./routes/invite-requests.ts";
import { inviteScheduleRoutes } from "./routes/invite-schedules.ts";
import { inviteRoutes } from "./routes/invites.ts";
import { lagRoutes } from "./routes/lag.ts";
import { liveRoutes } from "./routes/live.ts";
import { mailPreviewRoutes } from "./routes/mail-previews.ts";
import { mailResendRoutes } from "./routes/mail-resends.ts";
import { mailRoutes } from "./routes/mails.ts";
import { receiptRoutes } from "./routes/receipts.ts";
import { statusRoutes } from "./routes/status.ts";
import { unsubscribeRoutes } from "./routes/unsubscribe.ts";
import { waitlistRoutes } from "./routes/waitlists.ts";
import { withdrawalRoutes } from "./routes/withdrawals.ts";
import { createSetSchedule } from "./set-schedule.ts";

export interface GatewayDeps extends Protections {
  http: HttpAppOptions;
  log: EventLog;
  storage: Storage;
  definitions: Definitions;
  places: Places;
  announcements: Announcements;
  live: LiveOptions;
  batches: InviteBatches;
  schedules: InviteSchedules;
  invites: Invites;
  testMails: TestMails;
  deliveryReports: DeliveryReports;
  mails: Mails;
  lag: LagReads;
  deadLetters: DeadLetters;
  waits: AppliedWaits;
  idempotency: Idempotency;
  tokens: Tokens;
  keys: AdminKeys;
  clock: Clock;
  /** `ENTRY_ID_SECRET`. */
  secret: string;
  documents: DocumentOptions;
}

/**
 * The gateway's HTTP, ready for `listen` or `inject`. Closing it ends waits, so that all in flight is answered, and
 * streams, whose clients go to its successor.
 */
export async function buildApp(deps: GatewayDeps): Promise<FastifyInstance> {
  const { http, documents, waits } = deps;
  // Streams hold their connections: those for everything else must be left beside them.
  const connections = HTTP_LIMITS.connections + deps.live.maxStreams;
  const app = createHttpApp({ ...http, limits: { connections, ...http.limits } });
  const { partitions, publicUrl } = documents;
  const live = createLive({ ...deps, ...deps.live, ...http, partitions, publicUrl });
  const stopping = new AbortController();
  app.addHook("preClose", async () => {
    stopping.abort();
    waits.close();
    live.close();
  });
  await setSecurityHeaders(app, publicUrl);
  judgeRequests(app, deps);
  await allowOrigins(app, deps.definitions, deps.tokens);
  refuseLimited(app);
  await describeApi(app, documents);
  registerLagMetrics(deps.lag, http.registry, http.log);
  const facts = createFacts(deps);
  await app.register(async (v1) => registerV1(v1, { ...deps, live, facts }, stopping.signal), {
    prefix: "/v1",
  });
  await app.register(pageRoutes, { ...deps, facts });
  serveDocuments(app, documents);
  return app;
}

function registerV1(
  v1: FastifyInstance,
  deps: Omit<GatewayDeps, "live"> & { live: Live; facts: Facts },
  stopping: AbortSignal,
): void {
  v1.addHook("onRequest", async (_request, reply) => {
    // Answers hold tokens and places: they are not for caches.
    reply.header("cache-control", "no-store");
  });
  const { publicUrl } = deps.documents;
  const auth = createAdminAuth(v1, deps.keys);
  const refusals = createRefusedSignups(deps.http.registry);
  const admission = createAdmission({ ...deps, refusals, publicUrl });
  waitlistRoutes(v1, { ...deps, auth, admission, define: createDefineWaitlist({ ...deps, stopping }) });
  entryRoutes(v1, { ...deps, admission, refusals, publicUrl });
  challengeRoutes(v1, deps);
  statusRoutes(v1, { ...deps, publicUrl });
  liveRoutes(v1, deps);
  actRoutes(v1, { ...deps, stopping });
  void v1.register(unsubscribeRoutes, { ...deps, publicUrl });
  receiptRoutes(v1, deps);
  inviteRequestRoutes(v1, { ...deps, auth });
  inviteBatchRoutes(v1, { ...deps, auth });
  inviteScheduleRoutes(v1, { ...deps, auth, setSchedule: createSetSchedule({ ...deps, stopping }) });
  inviteRoutes(v1, { ...deps, auth, stopping });
  withdrawalRoutes(v1, { ...deps, auth });
  mailPreviewRoutes(v1, { ...deps, auth, publicUrl });
  adminEntryRoutes(v1, { ...deps, auth });
  v1.register(deliveryReportRoutes, { ...deps, auth });
  mailRoutes(v1, { ...deps, auth });
  mailResendRoutes(v1, { ...deps, auth });
  lagRoutes(v1, { ...deps, auth });
  deadLetterRoutes(v1, { ...deps, auth });
}
