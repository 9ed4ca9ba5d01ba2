// The ids of mails that wait, in memory: a hint of bounded size, beside the ledger that holds the truth.

export interface IdQueue {
  /** Takes in as many as there is room for; the rest is found in the ledger later. */
  offer(ids: Iterable<string>): void;
  /** Offers an id after a delay in milliseconds. */
  offerLater(id: string, delayMs: number): void;
  /** The ledger may hold more than is known here. */
  suspectMore(): void;
  /** The next ids, at most `count`; where nothing is known but the ledger may hold more, it is asked first. */
  next(count: number): Promise<string[]>;
  /** Until something is offered or suspected, or the queue is closed. */
  waitForMore(): Promise<void>;
  size(): number;
  close(): void;
}

export interface IdQueueOptions {
  limit: number;
  /** Finds ids of due mails in the ledger. */
  find: (limit: number) => Promise<string[]>;
}

export function createIdQueue({ limit, find }: IdQueueOptions): IdQueue {
  // A set keeps the order of arrival, and takes an id that is there already as the same one.
  const waiting = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let mayBeMore = true;
  let closed = false;
  let wake = Promise.withResolvers<void>();

  const wakeUp = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };

  function offer(ids: Iterable<string>): void {
    for (const id of ids) {
      if (waiting.size < limit) waiting.add(id);
      else mayBeMore = true;
    }
    wakeUp();
  }

  async function refill(): Promise<void> {
    mayBeMore = false;
    try {
      const found = await find(limit);
      for (const id of found) waiting.add(id);
      if (found.length === limit) mayBeMore = true;
    } catch (error) {
      mayBeMore = true;
      throw error;
    }
  }

  return {
    offer,
    offerLater: (id, delayMs) => {
      // Without room for another timer, the regular look into the ledger finds it.
      if (closed || timers.size >= limit) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        offer([id]);
      }, delayMs);
      timers.add(timer);
    },
    suspectMore: () => {
      mayBeMore = true;
      wakeUp();
    },
    next: async (count) => {
      if (waiting.size === 0 && mayBeMore) await refill();
      const ids = [...waiting.values().take(count)];
      for (const id of ids) waiting.delete(id);
      return ids;
    },
    waitForMore: () => (waiting.size > 0 || mayBeMore || closed ? Promise.resolve() : wake.promise),
    size: () => waiting.size,
    close: () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      waiting.clear();
      mayBeMore = false;
      wakeUp();
    },
  };
}
