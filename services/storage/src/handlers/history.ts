// What storage does with each stretch of history: definitions, entries, read model; the cursor follows.

import type { WaitlistEvent } from "@waitlist/contracts";
import type { HistoryBatch, HistoryHandler } from "@waitlist/kafka";
import type { Applied, Definitions, Projection } from "@waitlist/roster";
import { Counter, type Registry } from "@waitlist/runtime";
import { changedLists } from "../domain/changed-lists.ts";
import type { Person } from "../domain/person.ts";
import type { ReadModelKeeper } from "./read-model-keeper.ts";

export function createHistoryHandler(deps: {
  definitions: Definitions;
  projection: Projection<Person>;
  keeper: ReadModelKeeper;
  registry: Registry;
}): HistoryHandler<WaitlistEvent> {
  const { definitions, projection, keeper } = deps;
  const handled = new Counter({
    name: "waitlist_records_total",
    help: "Records of the history that storage has applied, by event type and outcome.",
    labelNames: ["type", "outcome"] as const,
    registers: [deps.registry],
  });

  function count(batch: HistoryBatch<WaitlistEvent>, { effects }: Applied<Person>): void {
    for (const { record, outcome } of effects) handled.labels(record.event.type, outcome.kind).inc();
    const others = batch.records.length - effects.length;
    if (others > 0) handled.labels("other", "kept").inc(others);
  }

  return {
    takeOver: async (partition, next) => {
      projection.takeOver(partition);
      keeper.takeOver(partition, next);
    },
    apply: async (batch) => {
      await definitions.keep(batch.records);
      const applied = await projection.apply(batch);
      await keeper.applied({ ...batch, changed: changedLists(batch.records) }, applied.entries.values());
      count(batch, applied);
    },
  };
}
