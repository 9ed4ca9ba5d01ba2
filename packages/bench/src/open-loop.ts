// How long signups take at 70 % of the highest rate: what durability adds where nothing is at its limit.
import { Pool } from "undici";
import { interleave, percentile, ratios, summarize } from "./rounds.ts";
import { startGateways } from "./signup-gateway.ts";
import type { Row } from "./table.ts";

const SHARE = 0.7;
const SECONDS = 4;
const ROUNDS = 6;
const CONNECTIONS = 100;
const VARIANTS = ["durable", "instant"] as const;

/** `highest` is the durable signups a second that this machine has just managed. */
export async function benchOpenLoop(kafka: string, highest: number): Promise<Row> {
  const gateways = await startGateways(VARIANTS, { kafka, topicPrefix: "bench-open-loop." });
  const perSecond = Math.round(highest * SHARE);
  try {
    const p99 = await interleave(VARIANTS, ROUNDS, async (variant, round) =>
      percentile(await timesAt(gateways.urls[variant], perSecond, `${variant}-${round}`), 0.99),
    );
    const inMs = (values: number[]) => summarize(values).median.toFixed(1);
    return {
      what: `p99 of signups at ${SHARE * 100} % of the highest rate, over a log that answers at once`,
      aim: "2 or less",
      ratio: summarize(ratios(p99.durable, p99.instant)),
      note: `${inMs(p99.durable)} over ${inMs(p99.instant)} ms at ${perSecond} a second`,
    };
  } finally {
    gateways.stop();
  }
}

/**
 * An open loop: signups begin when they are due, whatever became of those before, and each is timed from when it was
 * due. So a pause of the gateway counts for everybody whom it kept waiting (coordinated omission).
 */
async function timesAt(url: string, perSecond: number, run: string): Promise<number[]> {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  const count = perSecond * SECONDS;
  const times: number[] = [];
  const pending: Promise<void>[] = [];
  const began = performance.now();
  const signUp = async (person: number, due: number) => {
    const { statusCode, body } = await pool.request({
      ...{ method: "POST", path: "/v1/waitlists/bench/entries" },
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: `person${person}@${run}.example.com` }),
    });
    await body.dump();
    if (statusCode !== 202) throw new Error(`${run}: a signup was answered with ${statusCode}`);
    times.push(performance.now() - due);
  };
  try {
    while (pending.length < count) {
      const due = Math.min(count, Math.floor(((performance.now() - began) * perSecond) / 1000) + 1);
      for (let person = pending.length; person < due; person++) {
        pending.push(signUp(person, began + (person * 1000) / perSecond));
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(pending);
    return times;
  } finally {
    await pool.close();
  }
}
