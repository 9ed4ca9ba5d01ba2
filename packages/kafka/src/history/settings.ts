import type { HistoryOptions } from "./types.ts";

const DEFAULTS = {
  partitions: Number.POSITIVE_INFINITY,
  maxRecords: 500,
  concurrency: 4,
  sessionTimeoutMs: 10_000,
  heartbeatIntervalMs: 1000,
  rebalanceTimeoutMs: 15_000,
  patienceMs: 30_000,
  backoff: { firstMs: 200, maxMs: 10_000 },
};

export type Settings<E> = HistoryOptions<E> & typeof DEFAULTS;

export const withDefaults = <E>(options: HistoryOptions<E>): Settings<E> => ({ ...DEFAULTS, ...options });
