// Durable signups a second, as ratios: what durability costs, and what coalescing gives.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { eventsTopic } from "@waitlist/contracts";
import { ensureTopics } from "@waitlist/kafka";
import autocannon from "autocannon";
import type { Variant } from "./gateway-process.ts";
import { interleave, ratios, summarize } from "./rounds.ts";
import { type Row, silent } from "./table.ts";

const CONNECTIONS = 100;
const SECONDS = 4;
const ROUNDS = 5;
const VARIANTS: readonly Variant[] = ["durable", "instant", "per-request"];

export async function benchSignups(kafka: string): Promise<Row[]> {
  const topicPrefix = "bench-signups.";
  const topic = eventsTopic(12, topicPrefix);
  await ensureTopics({ brokers: kafka.split(","), clientId: "bench", log: silent }, [topic]);
  const gateways = await Promise.all(VARIANTS.map((variant) => startGateway(variant, kafka, topicPrefix)));
  const urls = Object.fromEntries(VARIANTS.map((variant, index) => [variant, gateways[index]?.url ?? ""]));
  try {
    const samples = await interleave(VARIANTS, ROUNDS, (variant, round) =>
      signupsPerSecond(urls[variant] ?? "", `${variant}-${round}`),
    );
    return [
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
  } finally {
    for (const { child } of gateways) child.disconnect();
  }
}

async function startGateway(variant: Variant, kafka: string, topicPrefix: string) {
  const env = { ...process.env, VARIANT: variant, KAFKA_BROKERS: kafka, TOPIC_PREFIX: topicPrefix };
  const child = fork(fileURLToPath(new URL("gateway-process.ts", import.meta.url)), { env });
  const [url] = (await once(child, "message")) as [string];
  return { child, url };
}

/** Posts different people over 100 connections. Anything but a 202 fails the benchmark: a refusal is faster than a signup. */
async function signupsPerSecond(url: string, run: string): Promise<number> {
  let person = 0;
  const result = await autocannon({
    url: `${url}/v1/waitlists/bench/entries`,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        setupRequest: (request) => {
          person += 1;
          return { ...request, body: JSON.stringify({ email: `person${person}@${run}.example.com` }) };
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
