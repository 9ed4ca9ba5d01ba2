// Looks now and then whether the record's places still are what they have to be, and says so in the metrics.
import { every, Gauge, type Logger, type Registry, type Repetition } from "@waitlist/runtime";
import { type ListTotals, unbalanced } from "../domain/reconcile.ts";

/** A look reads every entry. */
const EVERY_MS = 900_000;

export function startReconciliation(deps: {
  readTotals: () => Promise<ListTotals[]>;
  /** Whether a list is in a partition of ours: another instance looks at the others. */
  isOurs: (waitlistId: string) => boolean;
  log: Logger;
  registry: Registry;
  everyMs?: number;
}): Repetition {
  const { readTotals, isOurs, log, registry, everyMs = EVERY_MS } = deps;
  const off = new Gauge({
    name: "waitlist_reconciliation_unbalanced_lists",
    help: "Lists whose places are not numbered from 1 without a gap or a duplicate, at the last look.",
    registers: [registry],
  });
  const read = async () => (await readTotals()).filter(({ waitlistId }) => isOurs(waitlistId));
  const look = async () => {
    const first = await read();
    const isSuspect = first.some(({ places, highest }) => places !== highest);
    const lists = isSuspect ? unbalanced(first, await read()) : [];
    off.set(lists.length);
    if (lists.length > 0) log.error({ waitlists: lists.slice(0, 20) }, "places have a gap or a duplicate");
  };
  return every(everyMs, look, { what: "reconciliation", log });
}
