// Durable signups a second, as ratios: what durability costs, and what coalescing gives.
import autocannon from "autocannon";
import { LIST } from "./installation.ts";
import { interleave, ratios, summarize } from "./rounds.ts";
import { startGateways } from "./signup-gateway.ts";
import type { Row } from "./table.ts";

/** Connections that signups come over. */
const CONNECTIONS = 100;
/** Of one round. */
export const SECONDS = 4;
const ROUNDS = 5;
const VARIANTS = ["durable", "instant", "per-request"] as const;

export async function benchSignups(kafka: string): Promise<{ rows: Row[]; highest: number }> {
  const gateways = await startGateways(VARIANTS, { kafka, topicPrefix: "bench-signups." });
  try {
    const samples = await interleave(VARIANTS, ROUNDS, (variant, round) =>
      signupsPerSecond(gateways.urls[variant], `${variant}-${round}`),
    );
    const rows = [
      {
        what: "Durable signups/s over a gateway whose log answers at once",
        aim: "0.8 or more",
        ratio: summarize(ratios(samples.durable, samples.instant)),
        note: `${Math.round(summarize(samples.durable).median)} over ${Math.round(summarize(samples.instant).median)} a second`,
      },
      {
        what: "Durable signups/s over one idempotent produce a request",
        aim: "5 or more",
        ratio: summarize(ratios(samples.durable, samples["per-request"])),
        note: `${Math.round(summarize(samples["per-request"]).median)} a second without coalescing`,
      },
    ];
    return { rows, highest: summarize(samples.durable).median };
  } finally {
    gateways.stop();
  }
}

/**
 * Posts different people, each with a solved challenge of its own where some are given. Anything but a 202 fails the
 * benchmark: a refusal is faster than a signup.
 */
export async function signupsPerSecond(
  url: string,
  run: string,
  solved?: readonly string[],
): Promise<number> {
  let person = 0;
  const result = await autocannon({
    url: `${url}/v1/waitlists/${LIST}/entries`,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        setupRequest: (request) => {
          person += 1;
          const challenge = solved?.[person - 1];
          const signup = { email: `person${person}@${run}.example.com`, ...(challenge ? { challenge } : {}) };
          return { ...request, body: JSON.stringify(signup) };
        },
      },
    ],
  });
  const accepted = result["2xx"];
  if (accepted === 0 || result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${run}: ${accepted} accepted, ${result.non2xx} refused, ${result.errors} errors`);
  }
  return accepted / result.duration;
}
