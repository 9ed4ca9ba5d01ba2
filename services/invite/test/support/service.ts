// The service as main.ts puts it together, on a real log and a real database.
import {
  type BatchesPage,
  encodeEvent,
  eventsTopic,
  GROUPS,
  type InviteBatch,
  type InviteState,
  partitionOf,
  type StoredSchedule,
} from "@waitlist/contracts";
import { type Appender, createAppender } from "@waitlist/kafka";
import { createFollower, type RosterRecord } from "@waitlist/roster";
import { createRegistry, type Lifecycle } from "@waitlist/runtime";
import type { FastifyInstance } from "fastify";
import { createFacts } from "../../src/adapters/kafka-facts.ts";
import { buildApp } from "../../src/app.ts";
import { createPreviewBatch } from "../../src/handlers/preview-batch.ts";
import { SECRET } from "./reference.ts";
import { handlerOver, openTestRoster, silent, storesOf } from "./roster.ts";

const TOKEN = "an internal token";
export const PARTITIONS = 12;

/** Where the service lives: brokers, database, and names that no other test uses. */
export interface Home {
  brokers: string;
  mongodb: string;
  database: string;
  prefix: string;
}

export type Closing = Pick<Lifecycle, "onClose"> & { closeAll(): Promise<void> };

export function createClosing(): Closing {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    onClose: (_what, close) => void closers.push(close),
    closeAll: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}

export async function startService({ brokers, mongodb, database, prefix }: Home, closing: Closing) {
  const roster = await openTestRoster(mongodb, database);
  closing.onClose("MongoDB", roster.close);
  const stores = await storesOf(roster);
  const fail = (error: Error) => {
    throw error;
  };
  const follower = await createFollower({
    ...{ group: GROUPS.invite, brokers, topicPrefix: prefix, roster, log: silent },
    ...{ registry: createRegistry("invite"), lifecycle: { ...closing, fail } },
    handler: (appender: Appender, events: string) =>
      handlerOver(roster, { ...stores, facts: createFacts(appender, events) }),
  });
  const app = buildApp({
    ...{ ...stores, preview: createPreviewBatch(stores.queue, SECRET) },
    ...{ log: silent, registry: createRegistry("invite"), internalToken: TOKEN, clock: Date.now },
    dependencies: { kafka: { probe: follower.isFollowing, required: true } },
  });
  await follower.start();
  return { app, roster, follower, stores };
}

export type Started = Awaited<ReturnType<typeof startService>>;

/** Fewer than an appender lets wait. */
const AT_ONCE = 5000;

/** Puts records of one list on the log, in order. */
export function createPen({ brokers, prefix }: Home, list: string, closing: Closing) {
  const topic = eventsTopic(PARTITIONS, prefix).name;
  const appender = createAppender({ brokers: brokers.split(","), clientId: "invite-test", log: silent });
  closing.onClose("the appender", appender.close);
  const partition = partitionOf(list, PARTITIONS);
  return async (records: RosterRecord[]): Promise<void> => {
    for (let at = 0; at < records.length; at += AT_ONCE) {
      const part = records.slice(at, at + AT_ONCE);
      await appender.appendAll(
        part.map(({ event }) => ({ topic, partition, key: list, value: encodeEvent(event) })),
      );
    }
  };
}

/** The service's HTTP, as the gateway asks it. */
export function readsOf(app: FastifyInstance, list: string) {
  const get = async <T>(path: string): Promise<T> => {
    const response = await app.inject({ url: path, headers: { authorization: `Bearer ${TOKEN}` } });
    if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${path}`);
    return response.json<T>();
  };
  return {
    batch: (batchId: string, query = "") =>
      get<InviteBatch>(`/internal/waitlists/${list}/invite-batches/${batchId}${query}`),
    batches: () => get<BatchesPage>(`/internal/waitlists/${list}/invite-batches`),
    schedule: (scheduleId: string) =>
      get<StoredSchedule>(`/internal/waitlists/${list}/invite-schedules/${scheduleId}`),
    invite: (code: string) => get<InviteState>(`/internal/invites/${code}`),
  };
}
