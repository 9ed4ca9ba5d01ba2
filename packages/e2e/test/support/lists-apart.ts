import { partitionOf } from "@waitlist/contracts";

/** Names of lists of which no two share a partition. */
export function listsApart(name: string, count: number, partitions = 12): string[] {
  const byPartition = new Map<number, string>();
  for (let n = 1; byPartition.size < count; n += 1) {
    const list = `${name}-${n}`;
    if (!byPartition.has(partitionOf(list, partitions))) byPartition.set(partitionOf(list, partitions), list);
  }
  return [...byPartition.values()];
}
