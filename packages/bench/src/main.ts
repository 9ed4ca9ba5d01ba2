// `pnpm bench`: ratios from interleaved rounds in one run, on data of its own. Absolute numbers of a shared machine say little.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type System, startSystem } from "@waitlist/launcher";
import { benchAllocation } from "./allocation.ts";
import { type Start, showFootprint } from "./footprint.ts";
import { benchLatency } from "./latency.ts";
import { benchOpenLoop } from "./open-loop.ts";
import { benchProtections } from "./protections.ts";
import { benchRedemptions } from "./redemptions.ts";
import { benchSignups } from "./signups.ts";
import { benchStatus } from "./status.ts";
import { benchStorage } from "./storage.ts";
import { benchStreams } from "./streams.ts";
import { showRows } from "./table.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

async function timedStart(home: string): Promise<{ system: System; start: Start }> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const ready = new Map<string, number>();
  const system = await startSystem({
    home,
    mode: "auto",
    env: { ...process.env, RATE_LIMIT: "off" },
    onEvent: ({ name, kind }) => {
      if (kind === "ready") ready.set(name, elapsed());
    },
  });
  return { system, start: { seconds: elapsed(), ready } };
}

const home = await mkdtemp(join(tmpdir(), "waitlist-bench-"));
try {
  say("Starting on fresh data, then again on what that left.");
  const first = await timedStart(home);
  await first.system.stop();
  const { system, start } = await timedStart(home);
  try {
    const { endpoints } = system;
    say("Signups: 6 rounds of 3 gateways, 4 s each.");
    const { rows: signups, highest } = await benchSignups(endpoints.kafka);
    say("Signups in an open loop: 7 rounds of 2 gateways, 4 s each.");
    const openLoop = await benchOpenLoop(endpoints.kafka, highest);
    say("Protections: 7 rounds of 3 gateways, 4 s each.");
    const protections = await benchProtections(endpoints, highest);
    say("Storage: 6 rounds of 10,000 records.");
    const storage = await benchStorage(endpoints);
    say("Invites: 4 rounds of batches of 10,000, from 200,000 and from 20,000 who wait.");
    const allocation = await benchAllocation(endpoints);
    say("Status reads: 8 rounds of 2 gateways, 3 s each.");
    const status = await benchStatus(endpoints.redis);
    say("Streams: 2,000, and 5 changes to all of them.");
    const streams = await benchStreams(endpoints.redis);
    say("Latency: 5 rounds of 8 s at 200 signups a second.");
    const { rows } = await benchLatency(system);
    say("Redemptions: 5 rounds of 6 s at 25 redemptions a second.");
    const redemptions = await benchRedemptions(system);
    showRows("Ratios, medians of interleaved rounds", [
      ...signups,
      ...protections,
      openLoop,
      ...status,
      ...storage,
      ...allocation,
      ...rows,
      ...redemptions.rows,
    ]);
    say(`\n${streams}`);
    await showFootprint(system, first.start, start);
  } finally {
    await system.stop();
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
