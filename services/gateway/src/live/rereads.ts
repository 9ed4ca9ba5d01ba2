// When open streams are read again: a list at most once a second, with a last reading after the last change.
import { ProblemError } from "@waitlist/contracts";
import type { Clock } from "../ports.ts";
import { createChunks } from "./chunks.ts";
import type { Look, Shown } from "./look.ts";
import { isStale, type Stream, type StreamedList, wantedOf } from "./streams.ts";

export interface RereadDeps {
  look: Look;
  /** A list is about to be read again: what is remembered of it may be out of date. */
  forget(waitlistId: string): void;
  clock: Clock;
  /** A read failed otherwise than by a `ProblemError`. */
  onError(error: unknown): void;
}

export interface Rereads {
  /** Reads the stale streams of a list, as soon as a second has passed since the last time. */
  soon(list: StreamedList): void;
  /** Reads these, if they are stale, before all else. What fails is left to `soon`. */
  now(streams: Stream[]): void;
  close(): void;
}

/** So many reads are one round trip to Redis. */
const CHUNK = 200;
/** In milliseconds: a list that changes all the time is read once in it. */
const EVERY_MS = 1000;

/** `show` gets what was read, or null where there is nothing to be seen any more. */
export function createRereads(
  { look, forget, clock, onError }: RereadDeps,
  show: (stream: Stream, shown: Shown | null) => void,
): Rereads {
  const chunks = createChunks(CHUNK, readAgain);
  let closed = false;

  /** False where it has to be tried again. */
  async function readAgain(stream: Stream): Promise<boolean> {
    // Whoever is reading it now sees that it has become stale meanwhile.
    if (closed || stream.reading || !stream.list.streams.has(stream) || !isStale(stream)) return true;
    const wanted = wantedOf(stream);
    stream.reading = true;
    try {
      const shown = await look(stream.claims, "follow");
      stream.read = wanted;
      show(stream, shown);
      return true;
    } catch (error) {
      if (!(error instanceof ProblemError)) onError(error);
      if (!(error instanceof ProblemError) || error.code !== "entry-not-found") return false;
      stream.read = wanted;
      show(stream, null);
      return true;
    } finally {
      stream.reading = false;
    }
  }

  function soon(list: StreamedList): void {
    if (closed || list.queued || list.timer || list.streams.size === 0) return;
    // A clock that was set back must not hold it up for longer.
    const wait = Math.min(EVERY_MS, list.readAt + EVERY_MS - clock());
    if (wait <= 0) readList(list);
    else list.timer = setTimeout(readList, wait, list);
  }

  function readList(list: StreamedList): void {
    list.timer = undefined;
    list.readAt = clock();
    list.queued = true;
    forget(list.waitlistId);
    chunks.add([...list.streams].filter(isStale), () => {
      list.queued = false;
      if ([...list.streams].some(isStale)) soon(list);
    });
  }

  return {
    soon,
    now: (streams) =>
      chunks.addFirst(streams, () => {
        for (const stream of streams) if (isStale(stream)) soon(stream.list);
      }),
    close: () => {
      closed = true;
    },
  };
}
