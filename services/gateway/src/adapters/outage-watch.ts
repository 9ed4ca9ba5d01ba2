// Remembers that Redis is away, so that only what met the outage waits for it.

export interface OutageWatch {
  /** False while Redis is known to be away; asks it again now and then, and nobody waits for that. */
  here(): boolean;
  failed(error: unknown): void;
}

export interface OutageWatchOptions {
  ping(): Promise<unknown>;
  onChange(here: boolean, error?: unknown): void;
  /** How long Redis is left alone after a failure, in milliseconds. */
  againAfterMs?: number;
  /** Milliseconds that never go back. */
  now?: () => number;
}

const AGAIN_AFTER_MS = 1000;

export function createOutageWatch(options: OutageWatchOptions): OutageWatch {
  const { ping, onChange, againAfterMs = AGAIN_AFTER_MS, now = () => performance.now() } = options;
  let away = false;
  let asking = false;
  let againAt = 0;

  const failed = (error: unknown) => {
    againAt = now() + againAfterMs;
    if (away) return;
    away = true;
    onChange(false, error);
  };

  const ask = async () => {
    asking = true;
    try {
      await ping();
      away = false;
      onChange(true);
    } catch (error) {
      failed(error);
    } finally {
      asking = false;
    }
  };

  return {
    here: () => {
      if (away && !asking && now() >= againAt) void ask();
      return !away;
    },
    failed,
  };
}
