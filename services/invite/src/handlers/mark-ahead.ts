// The two halves of giving out invites, side by side: places are marked group by group, and announced behind that.
import { allAtRest } from "@waitlist/runtime";

/** What the halves know of each other. */
export interface Shared {
  /** Throws once something of the work has failed: asked before each step, so that nothing more is begun. */
  goOn: () => void;
  /** Goes on as it is; where it fails, the rest ends, too. */
  watch: <T>(work: Promise<T>) => Promise<T>;
}

export interface Halves<G, P, M> {
  /** What has to be there before the first group is announced; groups are marked meanwhile. */
  prepare: () => Promise<P>;
  mark: (group: G) => Promise<M>;
  announce: (group: { index: number; marked: M; prepared: P }, shared: Shared) => Promise<void>;
}

/**
 * Marks one group after the other, so that lower positions are held first, but none waits for what is announced meanwhile.
 * A failure in either half ends the other before its next step. Settles when nothing of either is running, and rejects with
 * what failed first: the caller may then begin again, or give the partition away.
 */
export async function markAhead<G, P, M>(groups: G[], halves: Halves<G, P, M>): Promise<void> {
  const failed = new AbortController();
  const goOn = () => failed.signal.throwIfAborted();
  const watch = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      failed.abort(error);
      throw error;
    });

  let before: Promise<unknown> = Promise.resolve();
  const marking = groups.map((group) => {
    const marked = before.then(() => {
      goOn();
      return halves.mark(group);
    });
    before = marked;
    return watch(marked);
  });
  const announceAll = async () => {
    const prepared = await halves.prepare();
    for (const [index, marked] of marking.entries()) {
      await halves.announce({ index, marked: await marked, prepared }, { goOn, watch });
    }
  };
  await allAtRest([...marking, watch(announceAll())]);
}
