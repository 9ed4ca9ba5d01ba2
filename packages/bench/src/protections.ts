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
const VARIANTS = ["durable", "protected", "challenged"] as const;

export async function benchProtections({ kafka, redis }: { kafka: string; redis: string }): Promise<Row[]> {
  const env = { REDIS_URL: redis };
  const gateways = await startGateways(VARIANTS, { kafka, topicPrefix: "bench-protections.", env });
  try {
    let solved: string[] = [];
    /** Four times as many as signups come in a round at first: the machine may become faster. */
    let needed = 0;
    const samples = await interleave(
      VARIANTS,
      ROUNDS,
      (variant, round) => {
        const given = variant === "challenged" ? solved : undefined;
        return signupsPerSecond(gateways.urls[variant], `${variant}-${round}`, given);
      },
      {
        prepare: async (round) => {
          if (round === 0) {
            const highest = await signupsPerSecond(gateways.urls.durable, "highest");
            needed = Math.ceil(highest * SECONDS * 4);
          }
          solved = await solvedChallenges(needed);
        },
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
