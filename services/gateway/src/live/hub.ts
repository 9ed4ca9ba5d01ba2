// Who is watching which place, and when what they see has to be read again. Knows no HTTP and no Redis.
import { ProblemError } from "@waitlist/contracts";
import type { StatusClaims } from "@waitlist/tokens";
import type { AnnouncementHearer } from "../ports.ts";
import type { Shown } from "./look.ts";
import { createRereads, type RereadDeps } from "./rereads.ts";
import { createRoom, type Full, type RoomOptions, type Watcher } from "./room.ts";
import { createStreams, isStale, type Stream, type StreamedList, wantedOf } from "./streams.ts";
import { createViewer } from "./viewer.ts";
import type { State, Wire } from "./wire.ts";

export interface HubDeps extends RereadDeps, RoomOptions {
  partitionOf(waitlistId: string): number;
  /** An event was sent. */
  onShown(): void;
  /** A stream found no room in this. */
  onRefused(full: Full): void;
}

export interface Opening {
  claims: StatusClaims;
  /** The client, by its address block. */
  from: Pick<Watcher, "client" | "network">;
  /** `Last-Event-ID`: the state that the client has seen. */
  seen: string | undefined;
  /** Begins the stream; null where there is nothing to be streamed or nobody any more. `closed` is to be called once. */
  connect(state: State, closed: () => void): Wire | null;
}

export interface Hub extends AnnouncementHearer {
  /**
   * Opens a stream with what the token shows. False where `connect` began none. Throws `ProblemError`: `unavailable`
   * where too many are open, `rate-limited` where the client or the entry has too many, and what `look` throws.
   */
  open(opening: Opening): Promise<boolean>;
  /** Heartbeats for one in `parts` of the streams; ends those whose token has expired. */
  beat(part: number, parts: number): void;
  /** How many streams are open; and what else is kept for them. */
  size(): { streams: number; lists: number; waiting: number };
  /** Ends all streams and takes no more. */
  close(): void;
}

/** Seconds after which a client that found no room may ask again. */
const FULL_RETRY_S = 30;
const FULL_WORDS: Record<Full, string> = {
  all: "Too many streams are open.",
  client: "Too many streams are open from this address.",
  entry: "Too many streams of this entry are open.",
};
const CLOSING_RETRY_S = 2;

export function createHub(deps: HubDeps): Hub {
  const { look, clock, onShown } = deps;
  const streams = createStreams(deps.partitionOf);
  const room = createRoom(deps);
  const rereads = createRereads(deps, show);
  let closed = false;

  function show(stream: Stream, shown: Shown | null): void {
    const isOver = shown === null || clock() >= stream.claims.exp * 1000;
    streams.setWaiting(stream, !isOver && shown.waiting);
    if (isOver) stream.viewer?.end();
    else stream.viewer?.show(shown.state);
  }

  function ensureOpen(): void {
    if (!closed) return;
    throw new ProblemError("unavailable", "This server is stopping.", { retryAfter: CLOSING_RETRY_S });
  }

  /**
   * Returns what gives the room back. Tokens of the two kinds are counted apart: whoever types somebody's address gets one, and
   * must not take the room of those who have a mail.
   */
  function takeRoom({ from, claims: { kind, entryId } }: Opening): () => void {
    const taken = room.enter({ ...from, entry: `${kind} ${entryId}` });
    if (typeof taken === "function") return taken;
    deps.onRefused(taken);
    const code = taken === "all" ? "unavailable" : "rate-limited";
    throw new ProblemError(code, FULL_WORDS[taken], { retryAfter: FULL_RETRY_S });
  }

  async function begin(stream: Stream, { claims, seen, connect }: Opening): Promise<boolean> {
    const wanted = wantedOf(stream);
    const shown = await look(claims, "find");
    ensureOpen();
    const wire = connect(shown.state, () => streams.remove(stream));
    if (!wire) return false;
    stream.viewer = createViewer(wire, { seen, clock, onShown });
    stream.read = wanted;
    show(stream, shown);
    return true;
  }

  function changed(list: StreamedList): void {
    list.changes += 1;
    rereads.soon(list);
  }

  /** The first time at once, for somebody looks at the page; after that, with what else is read of the list. */
  function placesStored(partition: number, next: number): void {
    const now: Stream[] = [];
    for (const stream of streams.waitingIn(partition)) {
      if (stream.claims.joinOffset >= next) continue;
      stream.marks += 1;
      if (stream.reading) continue;
      if (stream.tried) rereads.soon(stream.list);
      else now.push(stream);
      stream.tried = true;
    }
    if (now.length > 0) rereads.now(now);
  }

  return {
    open: async (opening) => {
      ensureOpen();
      const stream = streams.add(opening.claims, takeRoom(opening));
      stream.reading = true;
      let isOpen = false;
      try {
        isOpen = await begin(stream, opening);
      } finally {
        stream.reading = false;
        if (!isOpen) streams.remove(stream);
      }
      if (isOpen && isStale(stream)) rereads.now([stream]);
      return isOpen;
    },
    announced: ({ partition, next, changed: waitlistIds }) => {
      placesStored(partition, next);
      if (!waitlistIds) {
        for (const list of streams.lists()) if (list.partition === partition) changed(list);
      }
      for (const waitlistId of waitlistIds ?? []) {
        const list = streams.list(waitlistId);
        if (list) changed(list);
      }
    },
    resumed: () => {
      for (const list of streams.lists()) changed(list);
    },
    beat: (part, parts) => {
      const now = clock();
      for (const list of streams.lists()) {
        for (const { turn, viewer, claims } of list.streams) {
          if (turn % parts !== part) continue;
          if (now >= claims.exp * 1000) viewer?.end();
          viewer?.beat(now);
        }
      }
    },
    size: streams.size,
    close: () => {
      closed = true;
      rereads.close();
      for (const list of streams.lists()) {
        clearTimeout(list.timer);
        for (const { viewer } of list.streams) viewer?.end();
      }
    },
  };
}
