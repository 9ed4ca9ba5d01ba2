// The streams that are open, by list, and those that still wait for their place, by partition.
import type { StatusClaims } from "@waitlist/tokens";
import type { Viewer } from "./viewer.ts";

export interface Stream {
  claims: StatusClaims;
  list: StreamedList;
  /** Spreads heartbeats over time. */
  turn: number;
  /** Null until the first state is there. */
  viewer: Viewer | null;
  /** How often this stream alone had to be read again; beside its list's `changes`. */
  marks: number;
  /** `wantedOf` as it was when what is shown was read. */
  read: number;
  reading: boolean;
  /** Whether it has been read at once when its place seemed to be there. */
  tried: boolean;
  /** Gives back the room that it takes. */
  leave: () => void;
}

/** A list with open streams. */
export interface StreamedList {
  waitlistId: string;
  partition: number;
  streams: Set<Stream>;
  /** How often something of it may have changed. */
  changes: number;
  /** When it was last read again, in milliseconds. */
  readAt: number;
  /** Until it may be read again. */
  timer: NodeJS.Timeout | undefined;
  queued: boolean;
}

/** Grows whenever the stream has to be read again. */
export const wantedOf = ({ list, marks }: Stream): number => list.changes + marks;

export const isStale = (stream: Stream): boolean => stream.read < wantedOf(stream);

export interface Streams {
  /** A new one waits for its place until something else is known. */
  add(claims: StatusClaims, leave: () => void): Stream;
  /** A second time does nothing. */
  remove(stream: Stream): void;
  setWaiting(stream: Stream, waits: boolean): void;
  waitingIn(partition: number): Iterable<Stream>;
  list(waitlistId: string): StreamedList | undefined;
  lists(): Iterable<StreamedList>;
  size(): { streams: number; lists: number; waiting: number };
}

export function createStreams(partitionOf: (waitlistId: string) => number): Streams {
  const lists = new Map<string, StreamedList>();
  const waiting = new Map<number, Set<Stream>>();
  let open = 0;
  let added = 0;

  function listOf(waitlistId: string): StreamedList {
    const known = lists.get(waitlistId);
    if (known) return known;
    const list: StreamedList = {
      ...{ waitlistId, partition: partitionOf(waitlistId), streams: new Set(), changes: 0 },
      ...{ readAt: Number.NEGATIVE_INFINITY, timer: undefined, queued: false },
    };
    lists.set(waitlistId, list);
    return list;
  }

  function setWaiting(stream: Stream, waits: boolean): void {
    const { partition } = stream.list;
    const others = waiting.get(partition) ?? new Set();
    if (waits && stream.list.streams.has(stream)) others.add(stream);
    else others.delete(stream);
    if (others.size > 0) waiting.set(partition, others);
    else waiting.delete(partition);
  }

  return {
    add: (claims, leave) => {
      const list = listOf(claims.waitlistId);
      const stream: Stream = {
        ...{ claims, list, turn: added, viewer: null },
        ...{ marks: 0, read: -1, reading: false, tried: false, leave },
      };
      added += 1;
      list.streams.add(stream);
      open += 1;
      setWaiting(stream, true);
      return stream;
    },
    remove: (stream) => {
      const { list } = stream;
      if (!list.streams.delete(stream)) return;
      open -= 1;
      stream.leave();
      setWaiting(stream, false);
      if (list.streams.size > 0) return;
      clearTimeout(list.timer);
      lists.delete(list.waitlistId);
    },
    setWaiting,
    waitingIn: (partition) => waiting.get(partition) ?? [],
    list: (waitlistId) => lists.get(waitlistId),
    lists: () => lists.values(),
    size: () => ({
      streams: open,
      lists: lists.size,
      waiting: [...waiting.values()].reduce((sum, { size }) => sum + size, 0),
    }),
  };
}
