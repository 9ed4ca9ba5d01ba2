import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

export { Counter, Gauge, Histogram, Registry } from "prom-client";

/** A registry of a service's own, with the process's figures (memory, event loop delay, CPU) in it. */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** What somebody waits for who was told that something is accepted. */
export type Stage = "stored" | "mailed" | "invited";

/** Takes down that this many came to a stage at `now`; `acceptedAt` is the broker's time of the record. Milliseconds. */
export type EndToEnd = (stage: Stage, acceptedAt: number, now: number, howMany?: number) => void;

/**
 * How long it took from the log's word to what it promised. The two clocks are of different machines: where ours is
 * behind, it took no time.
 */
export function measureEndToEnd(registry: Registry): EndToEnd {
  const latency = new Histogram({
    name: "waitlist_end_to_end_seconds",
    help:
      "Time since the log accepted what caused it, at the moment when a signup is stored, a mail is taken by the mail " +
      "server (of the signup or invite that caused it), an invite is on the log (of its batch's request).",
    labelNames: ["stage"] as const,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    registers: [registry],
  });
  return (stage, acceptedAt, now, howMany = 1) => {
    const seconds = Math.max(0, now - acceptedAt) / 1000;
    for (let each = 0; each < howMany; each += 1) latency.observe({ stage }, seconds);
  };
}
