// Gathers what is asked for while a write is under way, so that many callers cost the database one command.

interface Waiting<T, R> extends PromiseWithResolvers<R> {
  item: T;
}

/**
 * One write is in flight at a time; whatever is asked for meanwhile goes together in the next one, in the order in
 * which it was asked for. No timer gathers anything: an idle coalescer writes at the end of the event loop's turn.
 * `write` answers for each item, in their order; where it throws, everybody whose item was in it gets the error.
 */
export function createCoalescer<T, R>(write: (items: T[]) => Promise<R[]>): (item: T) => Promise<R> {
  const waiting: Waiting<T, R>[] = [];
  let isDraining = false;

  async function drain(): Promise<void> {
    isDraining = true;
    while (waiting.length > 0) {
      // What comes in this turn of the event loop goes along.
      await new Promise((resolve) => setImmediate(resolve));
      await writeOnce(waiting.splice(0));
    }
    isDraining = false;
  }

  return (item) => {
    const promised = Promise.withResolvers<R>();
    waiting.push({ ...promised, item });
    if (!isDraining) void drain();
    return promised.promise;
  };

  async function writeOnce(batch: Waiting<T, R>[]): Promise<void> {
    try {
      const results = await write(batch.map(({ item }) => item));
      if (results.length !== batch.length)
        throw new Error("A write answered for more or fewer than it was given.");
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
