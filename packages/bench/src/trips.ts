// How long something takes at a steady rate, against a bare trip through the same broker.
import { startBareTrips } from "./bare-trips.ts";
import { interleave, percentile, ratios, summarize } from "./rounds.ts";
import type { Row } from "./table.ts";

export interface Trips {
  /** What a trip is, for the table; `name` for the bare trips' topic. */
  what: string;
  name: string;
  aims: Record<keyof Percentiles, string>;
  perSecond: number;
  seconds: number;
  /** Beside the first, which warms up. */
  rounds: number;
  trip: () => Promise<void>;
}

interface Percentiles {
  p50: number;
  p99: number;
}

/** Rounds of both in turn. `milliseconds` are those of the trip itself. */
export async function compareWithBare(
  kafka: string,
  { what, name, aims, rounds, trip, ...rate }: Trips,
): Promise<{ rows: Row[]; words: string }> {
  const bare = await startBareTrips(kafka, name);
  const trips = { own: trip, bare: bare.trip };
  const found: Record<keyof typeof trips, Percentiles[]> = { own: [], bare: [] };
  await interleave(["own", "bare"] as const, rounds, async (variant, round) => {
    const times = await atSteadyRate(trips[variant], rate);
    const percentiles = { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
    if (round > 0) found[variant].push(percentiles);
    return percentiles.p50;
  });
  await bare.stop();
  const of = (variant: keyof typeof trips, which: keyof Percentiles) =>
    found[variant].map((each) => each[which]);
  const row = (label: string, which: keyof Percentiles): Row => ({
    what: `${what}, ${label}, over a bare produce and consume`,
    aim: aims[which],
    ratio: summarize(ratios(of("own", which), of("bare", which))),
    note: `${inMs(of("own", which))} over ${inMs(of("bare", which))}`,
  });
  return {
    rows: [row("median", "p50"), row("p99", "p99")],
    words: `median ${inMs(of("own", "p50"))}, p99 ${inMs(of("own", "p99"))}`,
  };
}

function inMs(values: number[]): string {
  const { median, min, max } = summarize(values);
  return `${median.toFixed(1)} ms (${min.toFixed(1)}–${max.toFixed(1)})`;
}

/** Starts a trip whenever one is due, whatever the ones before do, and times each from when it was due. */
async function atSteadyRate(
  trip: () => Promise<void>,
  { perSecond, seconds }: Pick<Trips, "perSecond" | "seconds">,
): Promise<number[]> {
  const began = performance.now();
  const times: Promise<number>[] = [];
  while (times.length < perSecond * seconds) {
    const due = began + (times.length * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    else times.push(trip().then(() => performance.now() - due));
  }
  return Promise.all(times);
}
