import {
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from "prom-client";

/** The metric of that name in the registry, made there if it is not: several appenders of a process share theirs. */
export function counter<L extends string>(registry: Registry, config: CounterConfiguration<L>): Counter<L> {
  const existing = registry.getSingleMetric(config.name);
  return existing instanceof Counter
    ? (existing as Counter<L>)
    : new Counter({ ...config, registers: [registry] });
}

export function histogram<L extends string>(
  registry: Registry,
  config: HistogramConfiguration<L>,
): Histogram<L> {
  const existing = registry.getSingleMetric(config.name);
  return existing instanceof Histogram
    ? (existing as Histogram<L>)
    : new Histogram({ ...config, registers: [registry] });
}

export function gauge<L extends string>(registry: Registry, config: GaugeConfiguration<L>): Gauge<L> {
  const existing = registry.getSingleMetric(config.name);
  return existing instanceof Gauge ? (existing as Gauge<L>) : new Gauge({ ...config, registers: [registry] });
}

/** For whoever gives no registry: metrics that nobody reads. */
export const unreadRegistry = (): Registry => new Registry();
