// Dead-letter topics in memory: the letters and decisions as the adapter reads them, and what was put back.
import { encodeEvent, type WaitlistEvent } from "@waitlist/contracts";
import { decisionHeaders, type Letter, type Letters, takeRecord } from "../src/domain/dead-letters.ts";
import type { Clock, DeadLetters } from "../src/ports.ts";

export interface SetAside {
  group?: string;
  partition?: number;
  offset: number;
  cause?: string;
  value: Buffer;
}

export function deadLettersInMemory(clock: Clock, checkThere: () => unknown) {
  const letters: Letters = new Map();
  /** What is on the log again, in order, each at the offset 500 and on. */
  const back: { id: string; by: string }[] = [];
  let written = 0;
  const put = (group: string, headers: Record<string, string>, value: Buffer) => {
    takeRecord(letters, group, { offset: written, timestamp: clock() + written, key: "", value, headers });
    written += 1;
  };
  const port: DeadLetters = {
    all: async () => {
      await checkThere();
      return [...letters.values()];
    },
    putBack: async (letter, by) => {
      await checkThere();
      return { partition: letter.partition, offset: 500 + back.push({ id: letter.id, by }) - 1 };
    },
    decide: async (about: Letter[], decision) => {
      await checkThere();
      for (const letter of about) put(letter.group, decisionHeaders(letter, decision), Buffer.alloc(0));
    },
  };
  return {
    ...port,
    back,
    setAside: ({ group = "email", partition = 4, offset, cause = "no JSON", value }: SetAside) =>
      put(
        group,
        {
          ...{ cause, group, topic: "waitlist.events", partition: String(partition), offset: String(offset) },
          bytes: String(value.length),
        },
        value,
      ),
  };
}

export const bytesOf = (event: WaitlistEvent): Buffer => Buffer.from(encodeEvent(event));
