// What storage does with each stretch of history: definitions, entries, read model; the cursor follows.

import type { WaitlistEvent } from "@waitlist/contracts";
import type { HistoryHandler } from "@waitlist/kafka";
import type { Applied, Definitions, Projection } from "@waitlist/roster";
import { measureEndToEnd, type Registry } from "@waitlist/runtime";
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
  const endToEnd = measureEndToEnd(deps.registry);

  /** Everybody can see a place from now on. */
  function noteStored({ effects }: Applied<Person>): void {
    const now = Date.now();
    for (const { record, outcome } of effects) {
      if (outcome.kind === "placed") endToEnd("stored", record.timestamp, now);
    }
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
      noteStored(applied);
    },
  };
}
