// Metrics that several parts of a process write: the first to ask makes them.
import {
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from "prom-client";

/** The metric of that name in the registry, made there if it is not: several connections of a process share theirs. */
export function sharedCounter<L extends string>(
  registry: Registry,
  config: CounterConfiguration<L>,
): Counter<L> {
  const existing = registry.getSingleMetric(config.name);
  return existing instanceof Counter
    ? (existing as Counter<L>)
    : new Counter({ ...config, registers: [registry] });
}

export function sharedHistogram<L extends string>(
  registry: Registry,
  config: HistogramConfiguration<L>,
): Histogram<L> {
  const existing = registry.getSingleMetric(config.name);
  return existing instanceof Histogram
    ? (existing as Histogram<L>)
    : new Histogram({ ...config, registers: [registry] });
}

export function sharedGauge<L extends string>(registry: Registry, config: GaugeConfiguration<L>): Gauge<L> {
  const existing = registry.getSingleMetric(config.name);
  return existing instanceof Gauge ? (existing as Gauge<L>) : new Gauge({ ...config, registers: [registry] });
}

/** For whoever gives no registry: metrics that nobody reads. */
export const unreadRegistry = (): Registry => new Registry();
