// What it costs signups that operators can see them: metrics and logs, then traces, over a gateway that tells nothing.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { interleave, ratios, summarize } from "./rounds.ts";
import { startGateways } from "./signup-gateway.ts";
import { signupsPerSecond } from "./signups.ts";
import type { Row } from "./table.ts";

const ROUNDS = 6;
const VARIANTS = ["unmeasured", "measured", "traced"] as const;
/** More often than any Prometheus asks, in milliseconds. */
const SCRAPE_MS = 1000;

export async function benchOverhead(kafka: string): Promise<Row[]> {
  const sink = fork(fileURLToPath(new URL("trace-sink-process.ts", import.meta.url)));
  const [collector] = (await once(sink, "message")) as [string];
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector };
  const gateways = await startGateways(VARIANTS, { kafka, topicPrefix: "bench-overhead.", env });
  try {
    const samples = await interleave(VARIANTS, ROUNDS, async (variant, round) => {
      const url = gateways.urls[variant];
      const scrapes: Promise<unknown>[] = [];
      const scrape = setInterval(() => {
        scrapes.push(fetch(`${url}/metrics`).then((answer) => answer.text()));
      }, SCRAPE_MS);
      try {
        return await signupsPerSecond(url, `${variant}-${round}`);
      } finally {
        clearInterval(scrape);
        await Promise.all(scrapes);
      }
    });
    const median = (variant: (typeof VARIANTS)[number]) => Math.round(summarize(samples[variant]).median);
    const row = (what: string, variant: "measured" | "traced", aim: string): Row => ({
      what,
      aim,
      ratio: summarize(ratios(samples[variant], samples.unmeasured)),
      note: `${median(variant)} over ${median("unmeasured")} a second`,
    });
    return [
      row("Signups/s with metrics and logs over none", "measured", "0.95 or more"),
      row("The same with traces on (20 a second), over none", "traced", "0.85 or more"),
    ];
  } finally {
    gateways.stop();
    sink.disconnect();
  }
}
