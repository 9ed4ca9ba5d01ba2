// From POST to the place being visible, at a steady 200 signups a second, against a bare trip through the same broker.
import type { System } from "@waitlist/launcher";
import { Kafka, logLevel } from "kafkajs";
import { interleave, percentile, ratios, summarize } from "./rounds.ts";
import type { Row } from "./table.ts";

const PER_SECOND = 200;
const SECONDS = 8;
const ROUNDS = 4;
const LIST = "bench-latency";

interface Percentiles {
  p50: number;
  p99: number;
}

export async function benchLatency(system: System): Promise<{ rows: Row[]; milliseconds: string }> {
  const { endpoints } = system;
  await defineList(endpoints.gateway, endpoints.adminKey);
  const bare = await startBareTrips(endpoints.kafka);
  const found: Record<"visible" | "bare", Percentiles[]> = { visible: [], bare: [] };
  let person = 0;
  const trips = {
    bare: bare.trip,
    visible: () => signUp(endpoints.gateway, `person${person++}@example.com`),
  };
  await interleave(["visible", "bare"] as const, ROUNDS, async (variant, round) => {
    const times = await atSteadyRate(trips[variant]);
    const percentiles = { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
    if (round > 0) found[variant].push(percentiles);
    return percentiles.p50;
  });
  await bare.stop();
  const of = (variant: "visible" | "bare", which: keyof Percentiles) =>
    found[variant].map((each) => each[which]);
  const row = (name: string, which: keyof Percentiles): Row => ({
    what: `POST to visible, ${name}, over a bare produce and consume`,
    aim: which === "p50" ? "30 ms" : "120 ms",
    ratio: summarize(ratios(of("visible", which), of("bare", which))),
    note: `${inMs(of("visible", which))} over ${inMs(of("bare", which))}`,
  });
  return {
    rows: [row("median", "p50"), row("p99", "p99")],
    milliseconds: `median ${inMs(of("visible", "p50"))}, p99 ${inMs(of("visible", "p99"))}`,
  };
}

function inMs(values: number[]): string {
  const { median, min, max } = summarize(values);
  return `${median.toFixed(1)} ms (${min.toFixed(1)}–${max.toFixed(1)})`;
}

/** Starts a trip every 5 ms whatever the ones before do, and times each from when it was due. */
async function atSteadyRate(trip: () => Promise<void>): Promise<number[]> {
  const count = PER_SECOND * SECONDS;
  const began = performance.now();
  const times: Promise<number>[] = [];
  while (times.length < count) {
    const due = began + (times.length * 1000) / PER_SECOND;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    else times.push(trip().then(() => performance.now() - due));
  }
  return Promise.all(times);
}

async function defineList(gateway: string, adminKey: string): Promise<void> {
  const { status } = await fetch(`${gateway}/v1/waitlists/${LIST}`, {
    method: "PUT",
    headers: { "content-type": "application/json", authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ name: "Bench", revealPosition: "on-signup" }),
  });
  if (status !== 201) throw new Error(`the list was answered with ${status}`);
}

/** The answer comes when the place can be read: anything but a 201 fails the benchmark. */
async function signUp(gateway: string, email: string): Promise<void> {
  const response = await fetch(`${gateway}/v1/waitlists/${LIST}/entries`, {
    method: "POST",
    headers: { "content-type": "application/json", prefer: "wait=10" },
    body: JSON.stringify({ email }),
  });
  await response.arrayBuffer();
  if (response.status !== 201) throw new Error(`a signup was answered with ${response.status}`);
}

/** A producer and a consumer of kafkajs's own, as plain as they come, on a topic of one partition. */
async function startBareTrips(brokers: string) {
  const topic = `bench-latency-${process.pid}`;
  const kafka = new Kafka({
    brokers: brokers.split(","),
    clientId: "bench-bare",
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 100 });
  const waiting = new Map<string, () => void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => waiting.get(message.value?.toString() ?? "")?.(),
  });
  let sent = 0;
  return {
    trip: async () => {
      const value = String(sent++);
      const arrived = new Promise<void>((resolve) => waiting.set(value, resolve));
      await producer.send({ topic, acks: -1, messages: [{ value }] });
      await arrived;
      waiting.delete(value);
    },
    stop: async () => {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
}
