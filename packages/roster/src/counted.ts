import { Counter, type Registry } from "@waitlist/runtime";
import type { Projection } from "./projection.ts";

/** A projection that counts what records did, once they have been applied: a replay counts them again. */
export function counted<D>(projection: Projection<D>, registry: Registry): Projection<D> {
  const handled = new Counter({
    name: "waitlist_records_total",
    help:
      "Records of the history that were applied, by event type and outcome: placed, changed, repeated, none (it had " +
      "nothing to change), kept (it is about no entry).",
    labelNames: ["type", "outcome"] as const,
    registers: [registry],
  });
  return {
    ...projection,
    apply: async (chunk) => {
      const applied = await projection.apply(chunk);
      const outcomes = new Map(applied.effects.map(({ record, outcome }) => [record.offset, outcome.kind]));
      for (const { event, offset } of chunk.records) {
        handled.labels(event.type, outcomes.get(offset) ?? "kept").inc();
      }
      return applied;
    },
  };
}
