// Requests that wait until storage has stored what they put on the log (`Prefer: wait`).

export interface AppliedWaits {
  /** Everything of `partition` below `next` can be read. */
  announce(partition: number, next: number): void;
  /** Whether announcements are heard now; what was heard before an interruption says nothing about after it. */
  setListening(listening: boolean): void;
  /** True when `offset` can be read; false after `ms`, at once where no announcements are heard, and at the close. */
  applied(at: { partition: number; offset: number }, ms: number): Promise<boolean>;
  /** Ends all waits with false: their requests are answered with what is sure. */
  close(): void;
}

interface Waiter {
  offset: number;
  settle: (applied: boolean) => void;
}

export function createAppliedWaits(): AppliedWaits {
  const nexts = new Map<number, number>();
  const waiting = new Map<number, Set<Waiter>>();
  let listening = false;
  let closed = false;

  const wait = (partition: number, offset: number, ms: number) =>
    new Promise<boolean>((resolve) => {
      const waiters = waiting.get(partition) ?? new Set();
      waiting.set(partition, waiters);
      const waiter: Waiter = {
        offset,
        settle: (applied) => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve(applied);
        },
      };
      const timer = setTimeout(() => waiter.settle(false), ms);
      waiters.add(waiter);
    });

  return {
    announce: (partition, next) => {
      if (next > (nexts.get(partition) ?? -1)) nexts.set(partition, next);
      for (const waiter of waiting.get(partition) ?? []) {
        if (next > waiter.offset) waiter.settle(true);
      }
    },
    setListening: (now) => {
      listening = now;
      if (!now) nexts.clear();
    },
    applied: async ({ partition, offset }, ms) => {
      if ((nexts.get(partition) ?? -1) > offset) return true;
      return listening && !closed && ms > 0 ? wait(partition, offset, ms) : false;
    },
    close: () => {
      closed = true;
      for (const waiters of waiting.values()) {
        for (const { settle } of waiters) settle(false);
      }
    },
  };
}
