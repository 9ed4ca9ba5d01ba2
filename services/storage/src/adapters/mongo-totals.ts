import type { EntryDocument } from "@waitlist/roster";
import type { Collection } from "mongodb";
import type { Person } from "../domain/person.ts";
import type { ListTotals } from "../domain/reconcile.ts";

const BATCH = 1000;

/** Counts the places of every list, those of people who left or were erased included: one look at all entries. */
export const createReadTotals =
  (collection: Collection<EntryDocument<Person>>): (() => Promise<ListTotals[]>) =>
  async () => {
    const totals = new Map<string, ListTotals>();
    const entries = collection.find().project<Pick<EntryDocument<Person>, "waitlistId" | "places">>({
      waitlistId: 1,
      places: 1,
    });
    for await (const { waitlistId, places } of entries.batchSize(BATCH)) {
      const total = totals.get(waitlistId) ?? { waitlistId, places: 0, highest: 0 };
      total.places += places.length;
      for (const { position } of places) total.highest = Math.max(total.highest, position);
      totals.set(waitlistId, total);
    }
    return [...totals.values()];
  };
