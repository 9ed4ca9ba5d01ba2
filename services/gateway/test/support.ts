// A gateway whose world is in memory: what is appended is stored at once, unless a test says otherwise.
import { createHash } from "node:crypto";
import {
  type BatchPreview,
  type EventOf,
  type ExplainedEntry,
  type GroupLag,
  type HeldPlace,
  type InviteBatch,
  type MailCounts,
  type MailView,
  type People,
  ProblemError,
  partitionOf,
  type StoredEntry,
  type StoredPlaces,
  type StoredSchedule,
  type StoredWaitlist,
  secretFingerprint,
  type TestMailOutcome,
  type WaitlistDefinition,
  type WaitlistEvent,
} from "@waitlist/contracts";
import { createLogger, createRegistry } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import { createCachedDefinitions } from "../src/adapters/cached-definitions.ts";
import type { RedisSide } from "../src/adapters/redis.ts";
import { buildApp } from "../src/app.ts";
import { createAppliedWaits } from "../src/applied-waits.ts";
import { parseAdminKeys } from "../src/domain/admin-keys.ts";
import { parseTrustProxy } from "../src/http/trust-proxy.ts";
import { createIdempotency } from "../src/idempotency.ts";
import { createPlaces } from "../src/places.ts";
import type {
  AnnouncementHearer,
  IdempotencyStore,
  InviteBatches,
  KeptRequest,
  ReadModelAnswer,
  TestMails,
  Who,
} from "../src/ports.ts";
import { deadLettersInMemory } from "./dead-letters-in-memory.ts";
import { invitesInMemory } from "./invites-in-memory.ts";
import { protectionsFor } from "./protections-for-tests.ts";

export const SECRET = "a secret for tests only";
export const PARTITIONS = 12;
export const PUBLIC_URL = "https://waitlist.test";
export const LIST = "socialode";
export const KEYS = {
  admin: "the-admin-key",
  read: "the-read-key",
  redeem: "the-redeem-key",
  ops: "the-ops-key",
};

const installation = { secretFingerprint: secretFingerprint(SECRET), partitions: PARTITIONS };
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** A definition with its defaults, as the log holds it. */
export const definitionWith = (changes: Partial<WaitlistDefinition> = {}): WaitlistDefinition => ({
  name: "Socialode",
  revealPosition: "by-email",
  doubleOptIn: false,
  locale: "en",
  timeZone: "UTC",
  brand: {},
  questions: [],
  showCount: false,
  referrals: true,
  allowedOrigins: [],
  disposableAddresses: "flag",
  challenge: "off",
  invites: { lifetimeHours: 168, reclaim: false, requeue: "no" },
  ...changes,
});

const NOBODY: StoredPlaces = { places: [], repeatIds: [], next: 0, erased: false };

export type World = Awaited<ReturnType<typeof createWorld>>;

export interface WorldOptions {
  publicUrl?: string;
  /** As in `RATE_LIMIT`; off unless a test is about limits. */
  rateLimit?: string;
  /** As in `TRUST_PROXY`. */
  trustProxy?: string;
  /** As in `MAX_STREAMS`. */
  maxStreams?: number;
  /** As in `MAX_STREAMS_PER_CLIENT` and `MAX_STREAMS_PER_ENTRY`; no bounds unless a test is about them. */
  maxPerClient?: number;
  maxPerEntry?: number;
  heartbeatMs?: number;
  /** A real Redis, in place of what stands in memory for it. */
  redis?: RedisSide;
  /** Gets every line of the log, of every level; nothing is logged without it. */
  onLog?: (line: string) => void;
}

/** The app and what a test may look at or break; `close` it. */
export async function createWorld(options: WorldOptions = {}) {
  const { publicUrl = PUBLIC_URL, rateLimit = "off", trustProxy = "none" } = options;
  const { maxStreams = 10_000, heartbeatMs = 15_000, redis } = options;
  const { onLog } = options;
  const log = onLog ? createLogger("gateway", "trace", { write: onLog }) : createLogger("gateway", "silent");
  const registry = createRegistry("gateway");
  const events: WaitlistEvent[] = [];
  const lists = new Map<string, StoredWaitlist>();
  /** What each event defined, by its id. */
  const defined = new Map<string, StoredWaitlist>();
  const entries = new Map<string, StoredEntry>();
  const records = new Map<string, StoredPlaces>();
  /** By entryId and joinOffset. */
  const held = new Map<string, HeldPlace>();
  const batches = new Map<string, InviteBatch>();
  const schedules = new Map<string, StoredSchedule>();
  const invites = invitesInMemory();
  const explained = new Map<string, ExplainedEntry>();
  const people: People["items"] = [];
  const mails = new Map<string, MailView>();
  const mailCounts: MailCounts["counts"] = [];
  /** What Kafka says of the groups. */
  const lags: GroupLag[] = [];
  const preview: { answer: BatchPreview } = {
    answer: { count: 0, eligible: 0, taken: 0, shortfall: 0, entries: [] },
  };
  /** What the invite service was asked, in order. */
  const asks: unknown[][] = [];
  /** Test mails that were asked for, and what the mail server says to them. */
  const orders: Parameters<TestMails["send"]>[] = [];
  const mailServer: { answer: TestMailOutcome } = {
    answer: { outcome: "accepted", subject: "[Test] Hello" },
  };
  const hearers: AnnouncementHearer[] = [];
  /** What is kept under each `Idempotency-Key`. */
  const keptKeys = new Map<string, KeptRequest>();
  /** What was passed on to the email service. */
  const reports: Uint8Array[] = [];
  /** The names of the keys that passed them on. */
  const reporters: string[] = [];
  const broken = {
    lag: false,
    log: false,
    acknowledgement: false,
    storage: false,
    redis: false,
    invite: false,
    email: false,
    stores: true,
  };
  const model: { answer: ReadModelAnswer | null } = { answer: null };
  const hooks = { beforeAppend: () => undefined as unknown };
  const time = { now: Date.parse("2026-03-01T09:30:00.000Z") };
  const began = time.now;
  const clock = () => time.now;
  const deadLetters = deadLettersInMemory(clock, () => (broken.log ? away() : undefined));
  const away = async () => {
    throw new ProblemError("unavailable", undefined, { retryAfter: 2 });
  };

  const list = (waitlistId: string, definition: WaitlistDefinition, more: Partial<StoredWaitlist> = {}) => {
    const defined = { offset: 7, eventId: "d7", definedAt: new Date(time.now).toISOString() };
    lists.set(waitlistId, { waitlistId, definition, count: 0, installation, next: 0, ...defined, ...more });
  };

  /** As the log's readers do it: a condition that doesn't hold any more makes a definition count for nothing. */
  const define = ({ id, data }: EventOf<"WaitlistDefined">, offset: number) => {
    const { waitlistId, definition, definedBy, replaces } = data;
    if (defined.has(id)) return;
    if (replaces !== undefined && lists.get(waitlistId)?.offset !== replaces) return;
    list(waitlistId, definition, { offset, eventId: id, ...(definedBy ? { definedBy } : {}) });
    defined.set(id, structuredClone(lists.get(waitlistId)) as StoredWaitlist);
  };

  const setSchedule = ({ id, data }: EventOf<"InviteScheduleSet">) => {
    const { waitlistId, scheduleId, requestedBy, ...set } = data;
    const setAt = new Date(time.now).toISOString();
    const name = { waitlistId, scheduleId, offset: 100 + events.length - 1 };
    const { asked = 0, settingIds: known = [] } = schedules.get(scheduleId) ?? {};
    if (known.includes(id)) return;
    const counts = { asked, settingIds: [...known, id] };
    schedules.set(scheduleId, { ...name, ...set, setTo: set.state, ...counts, setAt, setBy: requestedBy });
  };

  const register = ({ time: requestedAt, data }: EventOf<"InviteBatchRequested">, offset: number) => {
    const { batchId, waitlistId, count = 0, requestedBy } = data;
    const none = { allocated: 0, shortfall: 0 };
    const status = "requested" as const;
    batches.set(batchId, { batchId, waitlistId, status, offset, count, ...none, requestedAt, requestedBy });
  };

  const append = async (event: WaitlistEvent) => {
    if (broken.log) return away();
    hooks.beforeAppend();
    const offset = 100 + events.push(event) - 1;
    const { waitlistId } = event.data;
    if (event.type === "WaitlistDefined" && broken.stores) define(event, offset);
    if (event.type === "InviteScheduleSet" && broken.stores) setSchedule(event);
    if (broken.stores) invites.take(event, { offset, at: time.now });
    if (event.type === "InviteBatchRequested" && broken.stores) register(event, offset);
    // It is there, and whoever wrote it never hears so.
    if (broken.acknowledgement) return away();
    return { partition: partitionOf(waitlistId, PARTITIONS), offset };
  };

  const storage = {
    ensureInstallation: async () => (broken.storage ? away() : undefined),
    waitlist: async (id: string, at = Number.MAX_SAFE_INTEGER) => {
      if (broken.storage) return away();
      const ofList = [...defined.values()].filter(
        ({ waitlistId, offset }) => waitlistId === id && offset <= at,
      );
      const now = lists.get(id);
      return (now && now.offset <= at ? now : ofList.at(-1)) ?? null;
    },
    defined: async (_list: string, eventId: string) =>
      broken.storage ? away() : (defined.get(eventId) ?? null),
    entry: async (id: string) => (broken.storage ? away() : (entries.get(id) ?? null)),
    places: async ({ entryId }: Who) => (broken.storage ? away() : (records.get(entryId) ?? NOBODY)),
    held: async ({ entryId, joinOffset }: Who & { joinOffset: number }) =>
      broken.storage
        ? away()
        : (held.get(`${entryId}:${joinOffset}`) ?? { place: null, next: records.get(entryId)?.next ?? 0 }),
    position: async () => (broken.storage ? away() : { next: 100 + events.length }),
    entries: async (id: string) => (lists.has(id) ? { items: [], next: null } : null),
    explained: async ({ entryId }: Who) => (broken.storage ? away() : (explained.get(entryId) ?? null)),
    people: async (_list: string, ids: string[]) => ({
      items: people.filter(({ entryId }) => ids.includes(entryId)),
    }),
  };
  const batchReads: InviteBatches = {
    find: async (...asked) => {
      asks.push(asked);
      return broken.invite ? away() : (batches.get(asked[1]) ?? null);
    },
    list: async (...asked) => {
      asks.push(asked);
      return { items: [...batches.values()], next: null };
    },
    preview: async (...asked) => {
      asks.push(asked);
      return broken.invite ? away() : preview.answer;
    },
  };
  const waits = createAppliedWaits();
  waits.setListening(true);
  const definitions = createCachedDefinitions(storage, clock, log);
  const tokens = createTokens("k1:0123456789abcdef", clock);
  const readModel = {
    read: async () => {
      if (broken.redis) throw new Error("Redis is away");
      return model.answer;
    },
  };
  const app = await buildApp({
    http: { log, registry, dependencies: {}, server: { trustProxy: parseTrustProxy(trustProxy) } },
    log: { append },
    storage,
    definitions,
    places: createPlaces({ readModel, storage, registry, log }),
    announcements: { tell: (hearer) => void hearers.push(hearer) },
    live: { ...options, maxStreams, heartbeatMs },
    batches: batchReads,
    schedules: {
      find: async (_list, id) => (broken.invite ? away() : (schedules.get(id) ?? null)),
      list: async () => (broken.invite ? away() : [...schedules.values()]),
    },
    invites: { find: async (code, ms) => (broken.invite ? away() : invites.find(code, ms)) },
    deliveryReports: {
      receive: async (message, reportedBy) => {
        if (broken.email) return away();
        reports.push(message);
        reporters.push(reportedBy);
        return { matched: true, action: "failed", status: "5.1.1" };
      },
    },
    mails: {
      find: async (_list, id) => (broken.email ? away() : (mails.get(id) ?? null)),
      list: async (...asked) => {
        asks.push(asked);
        return broken.email ? away() : { items: [...mails.values()], next: null };
      },
      counts: async (waitlistId) =>
        broken.email ? away() : { waitlistId, counts: mailCounts, undeliverable: 2 },
    },
    testMails: {
      send: async (...order) => {
        orders.push(order);
        return broken.email ? away() : mailServer.answer;
      },
    },
    deadLetters,
    lag: {
      read: async () =>
        broken.lag ? away() : { at: new Date(time.now).toISOString(), items: structuredClone(lags) },
    },
    waits,
    idempotency: createIdempotency(redis?.idempotency ?? memoryIdempotency(broken, keptKeys), SECRET, log),
    // Challenges expire by the machine's clock; a test moves both.
    ...protectionsFor({
      ...{ rateLimit, secret: SECRET, registry, log, ...(redis ? { redis } : {}) },
      clock: () => Date.now() + time.now - began,
    }),
    tokens,
    keys: parseAdminKeys(
      `boss:admin:${sha256(KEYS.admin)},looker:read:${sha256(KEYS.read)}\nshop:redeem:${sha256(KEYS.redeem)},mta:ops:${sha256(KEYS.ops)}`,
    ),
    clock,
    secret: SECRET,
    documents: { version: "0.0.0", publicUrl, partitions: PARTITIONS, topicPrefix: "" },
  });
  const joins = () =>
    events.filter((event): event is EventOf<"WaitlistJoined"> => event.type === "WaitlistJoined");
  const close = () => app.close();
  return {
    app,
    registry,
    events,
    joins,
    list,
    lists,
    entries,
    records,
    held,
    batches,
    schedules,
    invites,
    explained,
    people,
    mails,
    mailCounts,
    lags,
    deadLetters,
    preview,
    asks,
    orders,
    mailServer,
    broken,
    model,
    time,
    waits,
    tokens,
    hearers,
    keptKeys,
    reports,
    reporters,
    hooks,
    close,
  };
}

function memoryIdempotency(broken: { redis: boolean }, kept: Map<string, KeptRequest>): IdempotencyStore {
  const ensureThere = () => {
    if (broken.redis) throw new Error("Redis is away");
  };
  return {
    claim: async (key, request) => {
      ensureThere();
      const found = kept.get(key);
      if (!found) kept.set(key, { request });
      return found ?? null;
    },
    keep: async (key, result) => {
      ensureThere();
      kept.set(key, result);
    },
    release: async (key) => {
      ensureThere();
      kept.delete(key);
    },
  };
}
