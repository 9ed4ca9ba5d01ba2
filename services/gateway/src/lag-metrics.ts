// Lag in Prometheus' form: read from Kafka as it is scraped, the same reading as `GET /v1/ops/lag`.
import type { GroupLag } from "@waitlist/contracts";
import { Counter, Gauge, type Logger, type Registry } from "@waitlist/runtime";
import type { LagReads } from "./ports.ts";

const MS_PER_S = 1000;
const LABELS = ["group", "topic", "partition"] as const;

const GAUGES: { name: string; help: string; value: (lag: GroupLag) => number | null }[] = [
  {
    name: "waitlist_group_end_offset",
    help: "Offset of the next record to be written to a partition.",
    value: ({ endOffset }) => endOffset,
  },
  {
    name: "waitlist_group_committed_offset",
    help: "Offset of the next record that a group processes; absent where it has never said.",
    value: ({ committedOffset }) => committedOffset,
  },
  {
    name: "waitlist_group_lag_records",
    help: "Records of a partition that a group has not processed yet.",
    value: ({ lag }) => lag,
  },
  {
    name: "waitlist_group_oldest_unprocessed_seconds",
    help: "Time since the broker took the oldest record that a group has not processed yet; 0 where there is none.",
    value: ({ oldestAgeMs }) => oldestAgeMs / MS_PER_S,
  },
];

/** While Kafka can't be asked the gauges say nothing, rather than what was true before; the failures are counted. */
export function registerLagMetrics(lag: LagReads, registry: Registry, log: Logger): void {
  const failures = new Counter({
    name: "waitlist_group_lag_failures_total",
    help: "Scrapes at which Kafka did not say how far its readers are.",
    registers: [registry],
  });
  for (const [index, { name, help, value }] of GAUGES.entries()) {
    new Gauge({
      ...{ name, help, labelNames: LABELS, registers: [registry] },
      async collect() {
        this.reset();
        const read = await lag.read().catch((err: unknown) => {
          if (index === 0) {
            failures.inc();
            log.warn({ err }, "the lag can't be read");
          }
          return null;
        });
        for (const item of read?.items ?? []) {
          const shown = value(item);
          const { group, topic, partition } = item;
          if (shown !== null) this.set({ group, topic, partition: String(partition) }, shown);
        }
      },
    });
  }
}
