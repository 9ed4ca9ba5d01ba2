// What is known of the log's length: a partition never gets shorter, unless it is that of another log.
import type { Logger } from "@waitlist/runtime";
import { LogReplaced } from "./ports.ts";

export interface KnownLog {
  /** The partition has held every offset below `next`, by storage's cursor or a broker's word. */
  learn(partition: number, next: number): void;
  /**
   * To be called before an append; what it gives back, with the acknowledged offset. Both throw `LogReplaced`: the one
   * that finds it out, and everything from then on, until the process is started again.
   */
  expect(partition: number): (offset: number) => void;
  /** Nothing has shown that it is another log. */
  isOurs(): boolean;
}

export function createKnownLog(log: Pick<Logger, "error">): KnownLog {
  const known = new Map<number, number>();
  let replaced = false;

  const learn = (partition: number, next: number) => {
    if (next > (known.get(partition) ?? 0)) known.set(partition, next);
  };
  return {
    learn,
    expect: (partition) => {
      if (replaced) throw new LogReplaced();
      // As it is now: of two appends at once, the later one may be answered first.
      const atLeast = known.get(partition) ?? 0;
      return (offset) => {
        if (offset >= atLeast) return learn(partition, offset + 1);
        replaced = true;
        log.error(
          { partition, offset, atLeast },
          "the log was longer before: its topic was made anew, or is an older copy; nothing is accepted. Runbook: docs/runbooks/recreated-topic.md",
        );
        throw new LogReplaced();
      };
    },
    isOurs: () => !replaced,
  };
}
