// The service as main.ts puts it together, on a real log and a real database.
import { createEvent, encodeEvent, eventsTopic, GROUPS, type InviteBatch, type WaitlistEvent } from "@waitlist/contracts";
import { type Appender, createAppender, createHistoryConsumer, type CursorStore } from "@waitlist/kafka";
import { createFollower, type Roster } from "@waitlist/roster";
import { createRegistry, type Lifecycle } from "@waitlist/runtime";
import { eventually, uniqueName } from "@waitlist/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createFacts } from "../src/adapters/kafka-facts.ts";
import { buildApp } from "../src/app.ts";
import { SECRET } from "./support/reference.ts";
import { handlerOver, historyOf, openTestRoster, portsOf, silent } from "./support/roster.ts";

const LIST = "socialode";
const TOKEN = "an internal token";
const { kafka: brokers, mongodb } = inject("backing");
const prefix = `${uniqueName("invite")}.`;
const database = uniqueName("invite");
const topic = eventsTopic(12, prefix).name;
const PARTITION = 5;
const closers: (() => Promise<unknown>)[] = [];
const lifecycle: Lifecycle = {
  onClose: (_what, close) => void closers.push(close),
  fail: (error) => {
    throw error;
  },
};
const close = async () => {
  for (const each of closers.splice(0).reverse()) await each();
};

async function startService(): Promise<Roster<null>> {
  const roster = await openTestRoster(mongodb, database);
  lifecycle.onClose("MongoDB", roster.close);
  const follower = await createFollower({
    ...{ group: GROUPS.invite, brokers, topicPrefix: prefix, roster, log: silent, lifecycle },
    registry: createRegistry("invite"),
    handler: (appender: Appender, events: string) => {
      let handler: ReturnType<typeof handlerOver> | undefined;
      const ready = portsOf(roster, createFacts(appender, events)).then((ports) => {
        handler = handlerOver(roster, ports);
        return handler;
      });
      return {
        takeOver: async (partition, next) => (handler ?? (await ready)).takeOver(partition, next),
        apply: async (batch) => (handler ?? (await ready)).apply(batch),
      };
    },
  });
  await follower.start();
  return roster;
}
