// What one client is shown: always the newest state, never the same twice in a row, never more than its socket takes.
import { HEARTBEAT, type State, statusEvent, type Wire } from "./wire.ts";

export interface Viewer {
  /** Shows a state, now or when the client has taken what it was sent; by then a newer one may have replaced it. */
  show(state: State): void;
  /** A heartbeat, where nothing else is under way. Cuts a client off that has taken nothing for a minute. */
  beat(now: number): void;
  /** Ends the stream. Whoever doesn't take what it was sent is cut off. */
  end(): void;
}

/** How long a client may leave its socket full, in milliseconds. */
export const STALLED_MS = 60_000;

/**
 * `seen` is the id of the state that the client has already, from an earlier stream. One write is under way at a time,
 * so that a slow client costs one event of memory, not a queue.
 */
export function createViewer(
  wire: Wire,
  { seen, clock, onShown }: { seen: string | undefined; clock: () => number; onShown: () => void },
): Viewer {
  let shown = seen;
  let next: State | null = null;
  /** Since when a write is under way, in milliseconds. */
  let busySince: number | null = null;
  let ended = false;

  const write = (text: string) => {
    busySince = clock();
    wire.write(text, taken);
  };
  const taken = () => {
    busySince = null;
    const waiting = next;
    next = null;
    if (waiting) show(waiting);
  };
  const finish = () => {
    ended = true;
    wire.end();
  };
  const show = (state: State) => {
    if (ended) return;
    if (busySince !== null) {
      next = state;
      return;
    }
    if (state.id !== shown) {
      shown = state.id;
      write(statusEvent(state));
      onShown();
    }
    if (state.last) finish();
  };

  return {
    show,
    beat: (now) => {
      if (busySince !== null && now - busySince > STALLED_MS) wire.cut();
      else if (busySince === null && !ended) write(HEARTBEAT);
    },
    end: () => {
      if (ended) return;
      const stuck = busySince !== null;
      finish();
      if (stuck) wire.cut();
    },
  };
}
