// Faults planted into real topics, one at a time: each is found, and nothing else.
import { deadLetterTopic, eventsTopic, GROUPS } from "@waitlist/contracts";
import { ensureTopics } from "@waitlist/kafka";
import type { Finding } from "@waitlist/runtime";
import { eventually, uniqueName } from "@waitlist/testing";
import kafkajs, { type Admin, type Kafka } from "kafkajs";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { checkKafka } from "../src/checks/kafka.ts";
import { silentLog } from "../src/checks/silent-log.ts";

const { kafka: brokers } = inject("backing");
const PARTITIONS = 3;
let kafka: Kafka;
let admin: Admin;
let prefix: string;

beforeAll(async () => {
  kafka = new kafkajs.Kafka({ brokers: brokers.split(","), logLevel: kafkajs.logLevel.NOTHING });
  admin = kafka.admin();
  await admin.connect();
});
afterAll(() => admin.disconnect());

const topicsOf = (partitions = PARTITIONS) => [
  eventsTopic(partitions, prefix),
  ...Object.values(GROUPS).map((group) => deadLetterTopic(group, prefix)),
];

beforeEach(async () => {
  prefix = `${uniqueName("doctor")}.`;
  await ensureTopics({ brokers: brokers.split(","), clientId: "doctor-test", log: silentLog }, topicsOf());
});

const look = (partitions = PARTITIONS) =>
  checkKafka({ KAFKA_BROKERS: brokers, EVENT_PARTITIONS: partitions, TOPIC_PREFIX: prefix });
const wrong = (findings: Finding[]) => findings.filter(({ state }) => state === "wrong");

const alter = (name: string, config: Record<string, string>) => {
  const configEntries = Object.entries({ ...eventsTopic(1).config, ...config });
  return admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configEntries: configEntries.map(([key, value]) => ({ name: key, value })),
      },
    ],
  });
};

describe("topics", () => {
  test("as the services make them have nothing wrong", async () => {
    expect(wrong(await look())).toEqual([]);
  });

  test.each([
    ["retention.ms", "3600000", "loses what a service hasn't read yet"],
    ["cleanup.policy", "compact", "take records out of the history"],
    ["message.timestamp.type", "CreateTime", "The broker's clock"],
    ["segment.ms", "3600000", "whole segments"],
  ])("with another %s are found, with what is there, what should be, and why", async (name, value, why) => {
    const [events] = topicsOf();
    await alter(events?.name ?? "", { [name]: value });
    // The broker tells of a setting a moment after it was set.
    const [finding, ...others] = await eventually(async () => {
      const found = wrong(await look());
      expect(found).not.toEqual([]);
      return found;
    });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ about: `Topic ${events?.name}` });
    expect(finding?.says).toContain(`${name} is ${value}, and should be ${events?.config[name]}.`);
    expect(finding?.says).toContain(why);
    expect(finding?.todo).toHaveLength(1);
  });

  test("that aren't there are found", async () => {
    const { name } = deadLetterTopic(GROUPS.email, prefix);
    await admin.deleteTopics({ topics: [name] });
    expect(wrong(await look())).toMatchObject([{ about: `Topic ${name}`, says: "it isn't there." }]);
  });

  test("with fewer partitions than EVENT_PARTITIONS are found; with more they are noted", async () => {
    expect(wrong(await look(4))).toMatchObject([
      { says: "it has 3 partitions, but EVENT_PARTITIONS says 4." },
    ]);
    const fewer = await look(2);
    expect(wrong(fewer)).toEqual([]);
    expect(fewer).toContainEqual(expect.objectContaining({ says: "only the first 2 partitions are used." }));
  });
});

describe("the broker's clock", () => {
  test("is found to be ahead by a record from the future", async () => {
    const [events] = topicsOf();
    const topic = events?.name ?? "";
    // The broker's own clock can't be moved here: a topic that takes ours lets a record be as late as such a broker's.
    await alter(topic, { "message.timestamp.type": "CreateTime" });
    const producer = kafka.producer();
    await producer.connect();
    const timestamp = String(Date.now() + 60_000);
    await producer.send({ topic, messages: [{ key: "k", value: "v", partition: 1, timestamp }] });
    await producer.disconnect();
    await alter(topic, {});
    expect(wrong(await look())).toMatchObject([
      { about: "Clock of Kafka", says: expect.stringContaining("partitions 1 hold records from the future") },
    ]);
  });
});

test("brokers that don't answer are found", async () => {
  const settings = { KAFKA_BROKERS: "127.0.0.1:1", EVENT_PARTITIONS: 1, TOPIC_PREFIX: "" };
  expect(await checkKafka(settings)).toMatchObject([
    { state: "wrong", about: "Kafka", says: "no broker of KAFKA_BROKERS answers." },
  ]);
});
