// Lag as Kafka's own tool prints it, and as the metrics have it.

export interface ToldLag {
  group: string;
  partition: number;
  end: number;
  committed: number | null;
  lag: number;
}

/** Reads the tool's table: its columns stand in this order, with `-` for what there is none of. */
export function lagOfTool(output: string): ToldLag[] {
  return output.split("\n").flatMap((line) => {
    const [group = "", topic, partition, committed, end, lag] = line.trim().split(/\s+/);
    if (topic !== "waitlist.events") return [];
    const position = committed === "-" ? null : Number(committed);
    return [{ group, partition: Number(partition), end: Number(end), committed: position, lag: Number(lag) }];
  });
}

const SAMPLE =
  /^waitlist_group_(\w+)\{group="([^"]+)",topic="waitlist\.events",partition="(\d+)",service="gateway"\} (\S+)$/gm;

export function lagInMetrics(metrics: string): ToldLag[] {
  const samples = [...metrics.matchAll(SAMPLE)].map(([, name, group = "", partition, value]) => ({
    ...{ name, group, partition: Number(partition), value: Number(value) },
  }));
  return samples
    .filter(({ name }) => name === "lag_records")
    .map(({ group, partition, value: lag }) => {
      const sampleOf = (name: string) =>
        samples.find((each) => each.name === name && each.group === group && each.partition === partition)
          ?.value;
      const end = sampleOf("end_offset") ?? Number.NaN;
      return { group, partition, end, committed: sampleOf("committed_offset") ?? null, lag };
    });
}

/** Seconds for which the oldest unprocessed record of a group has waited; throws where the metrics don't say. */
export function ageInMetrics(
  metrics: string,
  { group, partition }: { group: string; partition: number },
): number {
  const labels = `{group="${group}",topic="waitlist.events",partition="${partition}",service="gateway"} `;
  const name = `waitlist_group_oldest_unprocessed_seconds${labels}`;
  const sample = metrics.split("\n").find((line) => line.startsWith(name));
  if (sample === undefined) throw new Error(`no sample of ${name}`);
  return Number(sample.slice(name.length));
}
