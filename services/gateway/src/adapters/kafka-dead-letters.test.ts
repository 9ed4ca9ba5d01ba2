// Letters whose records retention removes: topics in memory that refuse whoever reads outside of them, as a broker does.
import { createEvent, deadLetterTopic, encodeEvent, eventsTopic } from "@waitlist/contracts";
import type { AppendRequest, LogRecord } from "@waitlist/kafka";
import { beforeEach, describe, expect, it } from "vitest";
import { redriveAll } from "../acts/redrive.ts";
import type { DeadLetters } from "../ports.ts";
import { createKafkaDeadLetters } from "./kafka-dead-letters.ts";

const LETTERS = deadLetterTopic("email").name;
const EVENTS = eventsTopic(1).name;
const GONE = "The record is gone from the log: discard it.";

const storage = { places: async () => ({ places: [], repeatIds: [], next: 0, erased: false }) };
const signup = (id: string): Buffer => {
  const entry = { waitlistId: "first", entryId: "a".repeat(26), needsConfirmation: false };
  const data = { ...entry, email: "ada@example.com" };
  return encodeEvent(createEvent("WaitlistJoined", data, { source: "/test", at: 0, id }));
};

let topics: Map<string, { start: number; records: LogRecord[] }>;
let letters: DeadLetters;
let beforeRead: () => void;

const topicOf = (name: string) => {
  const topic = topics.get(name) ?? { start: 0, records: [] };
  topics.set(name, topic);
  return topic;
};
const put = ({ topic, value, headers = {} }: Pick<AppendRequest, "topic" | "value" | "headers">) => {
  const { records } = topicOf(topic);
  const record = { offset: records.length, timestamp: 0, key: "first", value, headers };
  return { partition: 0, offset: records.push(record) - 1, repeated: false };
};
const setAside = (offset: number, value: Buffer, bytes = value.length) => {
  const from = { group: "email", topic: EVENTS, partition: "0", offset: String(offset) };
  put({ topic: LETTERS, value, headers: { ...from, cause: "its name", bytes: String(bytes) } });
};

beforeEach(() => {
  topics = new Map();
  beforeRead = () => undefined;
  letters = createKafkaDeadLetters({
    reader: {
      bounds: async (name) => ({ start: topicOf(name).start, end: topicOf(name).records.length }),
      read: async ({ topic, from }, maxBytes) => {
        // One byte is asked for where one letter is put back.
        if (maxBytes === 1) beforeRead();
        const { start, records } = topicOf(topic);
        if (from < start || from > records.length) throw new Error("the offset is out of range");
        return records.slice(from);
      },
    },
    appender: {
      append: async (request) => put(request),
      appendAll: async (requests) => requests.map(put),
    },
    ...{ partitions: 1, topicPrefix: "" },
  });
});

describe("a letter whose record retention has removed", () => {
  it("is refused with what to do, and the others go back all the same", async () => {
    setAside(3, signup("e3"));
    setAside(4, signup("e4"));
    const all = letters.all;
    // Between the look at the letters and the first that is put back.
    letters = {
      ...letters,
      all: async () => {
        const found = await all();
        topicOf(LETTERS).start = 1;
        return found;
      },
    };
    expect(await redriveAll({ deadLetters: letters, storage }, "boss")).toMatchObject({
      redriven: [{ deadLetterId: "email.0.4" }],
      refused: [{ deadLetterId: "email.0.3", detail: GONE }],
      open: 0,
    });
    expect(topicOf(EVENTS).records.map(({ value }) => value)).toEqual([signup("e4")]);
  });

  it("is refused, too, where only the original held all of it, or retention comes as it is read", async () => {
    put({ topic: EVENTS, value: signup("e0") });
    setAside(0, signup("e0"), 600_000);
    const [letter] = await letters.all();
    if (!letter) throw new Error("no letter was read");
    expect(await letters.putBack(letter, "boss")).toEqual({ partition: 0, offset: 1 });
    topicOf(EVENTS).start = 1;
    const refused = { code: "dead-letter-not-redrivable", message: GONE };
    await expect(letters.putBack(letter, "boss")).rejects.toMatchObject(refused);
    topicOf(EVENTS).start = 0;
    beforeRead = () => {
      topicOf(EVENTS).start = 1;
    };
    await expect(letters.putBack(letter, "boss")).rejects.toMatchObject({ code: "unavailable" });
    await expect(letters.putBack(letter, "boss")).rejects.toMatchObject(refused);
  });
});
