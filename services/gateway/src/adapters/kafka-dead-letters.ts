// The groups' dead-letter topics, read as far as they go at each question; what was read is remembered, without content.
import { deadLetterTopic, eventsTopic, GROUPS, ProblemError, partitionOf } from "@waitlist/contracts";
import { type Appender, type AppendRequest, type LogReader, redrivenHeaders } from "@waitlist/kafka";
import {
  type Decision,
  decisionHeaders,
  type Letter,
  type Letters,
  takeRecord,
} from "../domain/dead-letters.ts";
import type { DeadLetters, LogPosition } from "../ports.ts";

const RETRY_AFTER_S = 2;

interface Deps {
  reader: Pick<LogReader, "read" | "bounds">;
  appender: Pick<Appender, "append" | "appendAll">;
  partitions: number;
  topicPrefix: string;
}

/** One group's topic, as far as it was read. */
interface Shelf {
  group: string;
  topic: string;
  /** Offset of the next record. */
  next: number;
  letters: Letters;
}

export function createKafkaDeadLetters({ reader, appender, partitions, topicPrefix }: Deps): DeadLetters {
  const shelves = Object.values(GROUPS).map((group) =>
    newShelf(group, deadLetterTopic(group, topicPrefix).name),
  );
  const events = eventsTopic(partitions, topicPrefix).name;
  const putting = new Map<string, Promise<LogPosition>>();

  const readOn = async () => {
    for (const shelf of shelves) await readShelf(reader, shelf);
  };
  let reading: Promise<void> | null = null;
  let queued: Promise<void> | null = null;
  /** Where reading is under way, once more after it: whatever was written before the question is seen. */
  const upToNow = (): Promise<void> => {
    if (reading) {
      queued ??= reading.then(
        () => next(),
        () => next(),
      );
      return queued;
    }
    reading = readOn().finally(() => {
      reading = null;
    });
    return reading;
  };
  const next = (): Promise<void> => {
    queued = null;
    return upToNow();
  };

  const putBack = async (letter: Letter, by: string): Promise<LogPosition> => {
    const { waitlistId } = letter.event;
    if (waitlistId === undefined) throw new Error("a letter that can't be read is not put back");
    const { partition: original, offset } = letter;
    const request: AppendRequest = {
      topic: events,
      partition: partitionOf(waitlistId, partitions),
      key: waitlistId,
      value: await recordOf(letter),
      headers: redrivenHeaders({ partition: original, offset, by }),
    };
    const { partition, offset: nowAt } = await appender.append(request);
    return { partition, offset: nowAt };
  };

  /**
   * As it was, byte for byte; what was too large for the letter still stands where it stood, unless retention has removed
   * it: then there is nothing to put back, and no use in trying again.
   */
  const recordOf = async ({ group, kept, topic, partition, offset }: Letter): Promise<Buffer> => {
    const shelf = shelves.find((each) => each.group === group);
    const from = kept.whole
      ? { topic: shelf?.topic ?? "", partition: 0, from: kept.offset }
      : { topic, partition, from: offset };
    const { start, end } = await reader.bounds(from.topic, from.partition);
    const isThere = from.from >= start && from.from < end;
    const [record] = isThere ? await reader.read(from, 1) : [];
    if (record?.offset === from.from && record.value) return record.value;
    throw new ProblemError("dead-letter-not-redrivable", "The record is gone from the log: discard it.");
  };

  return {
    all: () =>
      orUnavailable(async () => {
        await upToNow();
        return shelves.flatMap(({ letters }) => [...letters.values()]);
      }),
    putBack: (letter, by) =>
      orUnavailable(async () => {
        const name = `${letter.partition}:${letter.offset}`;
        const under = putting.get(name) ?? putBack(letter, by);
        putting.set(name, under);
        return await under.finally(() => putting.delete(name));
      }),
    decide: (letters, decision) =>
      orUnavailable(async () => {
        await appender.appendAll(letters.map((letter) => decisionRequest(shelves, letter, decision)));
      }),
  };
}

const newShelf = (group: string, topic: string): Shelf => ({ group, topic, next: 0, letters: new Map() });

function decisionRequest(shelves: Shelf[], letter: Letter, decision: Decision): AppendRequest {
  const topic = shelves.find(({ group }) => group === letter.group)?.topic ?? "";
  return {
    ...{ topic, partition: 0, key: `decision:${letter.partition}:${letter.offset}` },
    value: Buffer.alloc(0),
    headers: decisionHeaders(letter, decision),
  };
}

async function readShelf(reader: Deps["reader"], shelf: Shelf): Promise<void> {
  const { start, end } = await reader.bounds(shelf.topic, 0);
  // It ends before what was read of it: it is another one.
  if (end < shelf.next) Object.assign(shelf, newShelf(shelf.group, shelf.topic));
  shelf.next = Math.max(shelf.next, start);
  while (shelf.next < end) {
    const records = await reader.read({ topic: shelf.topic, partition: 0, from: shelf.next });
    const last = records.at(-1);
    if (!last) throw new Error(`${shelf.topic} has nothing at offset ${shelf.next}`);
    for (const record of records) takeRecord(shelf.letters, shelf.group, record);
    shelf.next = last.offset + 1;
  }
  // What retention has removed is gone.
  for (const [id, { kept }] of shelf.letters) if (kept.offset < start) shelf.letters.delete(id);
}

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw new ProblemError("unavailable", "The dead letters are out of reach. A repeat does no harm.", {
      retryAfter: RETRY_AFTER_S,
      cause,
    });
  }
}
