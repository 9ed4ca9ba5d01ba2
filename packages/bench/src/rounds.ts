// Interleaved rounds: A B C, C B A, B C A, A C B, … so that a machine whose speed drifts is as slow for one as for the other,
// and none always comes after the same one, whose leftovers it would pay for.

/** What one variant gave in each round. */
export type Samples<V extends string> = Record<V, number[]>;

export interface More {
  /** Rounds before the others, which aren't counted: a JVM compiles its way through its first ten thousands of writes. */
  warmUps?: number;
  /** Runs before each round: what one variant needs must not be made in its own turn, nor right before it. */
  prepare?: (round: number) => Promise<void>;
}

/** Runs every variant once a round, in turn. Rounds count from 0, and those that warm up are among them. */
export async function interleave<V extends string>(
  variants: readonly V[],
  rounds: number,
  measure: (variant: V, round: number) => Promise<number>,
  { warmUps = 1, prepare }: More = {},
): Promise<Samples<V>> {
  const samples = Object.fromEntries(variants.map((variant) => [variant, [] as number[]])) as Samples<V>;
  for (let round = 0; round < warmUps + rounds; round++) {
    await prepare?.(round);
    for (const variant of inTurn(variants, round)) {
      const value = await measure(variant, round);
      if (round >= warmUps) samples[variant].push(value);
    }
  }
  return samples;
}

/** Another order each time: the other way round, and then with the next one in front. */
function inTurn<T>(all: readonly T[], round: number): T[] {
  const first = Math.floor(round / 2) % all.length;
  const order = [...all.slice(first), ...all.slice(0, first)];
  return round % 2 === 0 ? order : order.reverse();
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
