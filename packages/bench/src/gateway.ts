// The gateway that benchmarks run as a process of its own: the real one, but for the parts that they swap.
import { type StoredWaitlist, secretFingerprint, type WaitlistDefinition } from "@waitlist/contracts";
import { buildApp, type GatewayDeps } from "@waitlist/gateway/app";
import { createAppliedWaits } from "@waitlist/gateway/applied-waits";
import { parseAdminKeys } from "@waitlist/gateway/domain/admin-keys";
import { createIdempotency } from "@waitlist/gateway/idempotency";
import { noLimits } from "@waitlist/gateway/limits/limits";
import { createLogger, createRegistry } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import { LIST, PARTITIONS, SECRET } from "./installation.ts";

/** What it says goes nowhere; a variant may raise its level. */
export const log = createLogger("bench", "silent", { write: () => undefined });
export const registry = createRegistry("bench");

export const definition: WaitlistDefinition = {
  ...{ name: "Bench", revealPosition: "by-email", doubleOptIn: false, locale: "en", timeZone: "UTC" },
  ...{ brand: {}, questions: [], showCount: false, referrals: true, allowedOrigins: [] },
  ...{ disposableAddresses: "flag", challenge: "off" },
  invites: { lifetimeHours: 168, reclaim: false, requeue: "no" },
};
const installation = { secretFingerprint: secretFingerprint(SECRET), partitions: PARTITIONS };

export const tokens = createTokens("k1:0123456789abcdef0123456789abcdef", Date.now);

/** What a benchmark doesn't measure: using it would be a mistake, and fails it. */
export const unused = async (): Promise<never> => {
  throw new Error("no part of this benchmark");
};

/** Listens at a free port, says its URL over IPC and ends with its parent. The list is `LIST`. */
export async function runBenchGateway(
  parts: Partial<
    Pick<GatewayDeps, "log" | "places" | "announcements" | "waits" | "limits" | "challenges" | "isDisposable">
  >,
  changes: Partial<WaitlistDefinition> = {},
): Promise<void> {
  const stored: StoredWaitlist = {
    ...{ waitlistId: LIST, definition: { ...definition, ...changes }, count: 0, installation, next: 0 },
    ...{ offset: 0, eventId: "e", definedAt: "2026-01-01T00:00:00.000Z" },
  };
  const app = await buildApp({
    http: { log, registry, dependencies: {} },
    log: { append: unused },
    storage: {
      ensureInstallation: unused,
      waitlist: unused,
      defined: unused,
      entry: unused,
      entries: unused,
      places: unused,
      held: unused,
      position: unused,
      explained: unused,
      people: unused,
    },
    definitions: {
      get: async () => stored,
      peek: () => stored,
      put: () => undefined,
      forget: () => undefined,
    },
    places: { find: unused, held: unused, state: unused, follow: unused },
    announcements: { tell: () => undefined },
    live: { maxStreams: 10_000 },
    batches: { find: unused, list: unused, preview: unused },
    schedules: { find: unused, list: unused },
    invites: { find: unused },
    deliveryReports: { receive: unused },
    mails: { find: unused, list: unused, counts: unused },
    testMails: { send: unused },
    lag: { read: unused },
    deadLetters: { all: unused, putBack: unused, decide: unused },
    waits: createAppliedWaits(),
    idempotency: createIdempotency({ claim: unused, keep: unused, release: unused }, SECRET, log),
    limits: noLimits,
    challenges: { create: unused, redeem: unused },
    isDisposable: () => false,
    tokens,
    keys: parseAdminKeys(`bench:admin:${"0".repeat(64)}`),
    clock: Date.now,
    secret: SECRET,
    documents: { version: "0.0.0", publicUrl: "http://localhost", partitions: PARTITIONS, topicPrefix: "" },
    ...parts,
  });
  process.send?.(await app.listen({ host: "127.0.0.1", port: 0 }));
  process.once("disconnect", () => process.exit(0));
}
