// Interleaved rounds: A B C, B C A, … so that a machine whose speed drifts is as slow for one as for the other, and none
// always comes after the same one.

/** What one variant gave in each round. */
export type Samples<V extends string> = Record<V, number[]>;

/**
 * Runs every variant once a round, in turn; the first round warms up and isn't counted. `prepare` runs before each round:
 * what one variant needs must not be made in its own turn, nor right before it.
 */
export async function interleave<V extends string>(
  variants: readonly V[],
  rounds: number,
  measure: (variant: V, round: number) => Promise<number>,
  prepare: (round: number) => Promise<void> = async () => undefined,
): Promise<Samples<V>> {
  const samples = Object.fromEntries(variants.map((variant) => [variant, [] as number[]])) as Samples<V>;
  for (let round = 0; round <= rounds; round++) {
    await prepare(round);
    const first = round % variants.length;
    for (const variant of [...variants.slice(first), ...variants.slice(0, first)]) {
      const value = await measure(variant, round);
      if (round > 0) samples[variant].push(value);
    }
  }
  return samples;
}

export interface Summary {
  median: number;
  min: number;
  max: number;
}

export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}

/** Round by round, one variant over another. */
export const ratios = (over: readonly number[], under: readonly number[]): number[] =>
  over.map((value, round) => value / (under[round] ?? Number.NaN));

/** The value below which a share of the samples lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
