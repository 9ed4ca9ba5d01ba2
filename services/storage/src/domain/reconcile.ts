/** What the record has of a list: how many places, and the highest number among them. */
export interface ListTotals {
  waitlistId: string;
  places: number;
  highest: number;
}

/**
 * Lists whose places are not numbered from 1 without a gap or a duplicate, by two readings: a batch that is being written may
 * stand in a single one half done, and then moves on.
 */
export function unbalanced(first: ListTotals[], second: ListTotals[]): string[] {
  const before = new Map(first.map((totals) => [totals.waitlistId, totals]));
  return second
    .filter(({ waitlistId, places, highest }) => {
      const earlier = before.get(waitlistId);
      return places !== highest && earlier?.places === places && earlier.highest === highest;
    })
    .map(({ waitlistId }) => waitlistId);
}
