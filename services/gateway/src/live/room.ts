// How many streams may be open: at once, of one client, of one person's tokens.

export interface RoomOptions {
  /** Streams that may be open at once. */
  maxStreams: number;
  /** Of one address block; no bound of its own without it. An IPv6 /48, which holds many blocks, has 20 times as many. */
  maxPerClient?: number;
  /** With tokens of one kind of one entry; no bound of its own without it. */
  maxPerEntry?: number;
}

/** Whose stream it is. */
export interface Watcher {
  /** The address block, and the larger one around it where there is one. */
  client: string;
  network?: string | undefined;
  entry: string;
}

/** What a stream finds no room in. */
export type Full = "all" | "client" | "entry";

export interface Room {
  /** Takes a place, and returns what gives it back; or says what is full. */
  enter(watcher: Watcher): (() => void) | Full;
}

/** One line's /48 or /56 is many blocks: they don't multiply what it may have by more than this. */
const BLOCKS_OF_A_NETWORK = 20;

export function createRoom({ maxStreams, maxPerClient, maxPerEntry }: RoomOptions): Room {
  const perClient = maxPerClient ?? Number.POSITIVE_INFINITY;
  const perEntry = maxPerEntry ?? Number.POSITIVE_INFINITY;
  const counts = new Map<string, number>();
  let open = 0;

  const isFull = (key: string, most: number) => (counts.get(key) ?? 0) >= most;
  const add = (key: string, change: 1 | -1) => {
    const count = (counts.get(key) ?? 0) + change;
    if (count > 0) counts.set(key, count);
    else counts.delete(key);
  };

  return {
    enter: ({ client, network, entry }) => {
      const keys = [`client ${client}`, `entry ${entry}`];
      if (network !== undefined) keys.push(`network ${network}`);
      if (open >= maxStreams) return "all";
      if (isFull(`client ${client}`, perClient)) return "client";
      if (isFull(`network ${network}`, perClient * BLOCKS_OF_A_NETWORK)) return "client";
      if (isFull(`entry ${entry}`, perEntry)) return "entry";
      open += 1;
      for (const key of keys) add(key, 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        open -= 1;
        for (const key of keys) add(key, -1);
      };
    },
  };
}
