// The benchmarks by name: `pnpm bench` runs all of them, `pnpm bench mails status` those two.
import type { System } from "@waitlist/launcher";
import { benchAllocation } from "./allocation.ts";
import { benchLatency } from "./latency.ts";
import { benchMails } from "./mails.ts";
import { benchOpenLoop } from "./open-loop.ts";
import { benchOverhead } from "./overhead.ts";
import { benchProtections } from "./protections.ts";
import { benchRedemptions } from "./redemptions.ts";
import { benchSignups } from "./signups.ts";
import { benchStatus } from "./status.ts";
import { benchStorage } from "./storage.ts";
import { benchStreams } from "./streams.ts";
import type { Row } from "./table.ts";

/** What a benchmark found: ratios, and what is no ratio in words. */
export interface Found {
  rows: Row[];
  words?: string;
}

interface Part {
  /** Rounds and sizes, said before it runs. */
  about: string;
  run(system: System): Promise<Found>;
}

export const PARTS: Record<string, Part> = {
  signups: {
    about: "Signups: 6 rounds of 3 gateways, 4 s each; in an open loop: 7 rounds of 2 gateways, 4 s each.",
    run: async ({ endpoints }) => {
      const { rows, highest } = await benchSignups(endpoints.kafka);
      return { rows: [...rows, await benchOpenLoop(endpoints.kafka, highest)] };
    },
  },
  protections: {
    about: "Protections: 7 rounds of 3 gateways, 4 s each.",
    run: async ({ endpoints }) => ({ rows: await benchProtections(endpoints) }),
  },
  overhead: {
    about: "Overhead: 7 rounds of 3 gateways, 4 s each.",
    run: async ({ endpoints }) => ({ rows: await benchOverhead(endpoints.kafka) }),
  },
  status: {
    about: "Status reads: 8 rounds of 2 gateways, 3 s each.",
    run: async ({ endpoints }) => ({ rows: await benchStatus(endpoints.redis) }),
  },
  storage: {
    about: "Storage: 6 rounds of 10,000 records.",
    run: async ({ endpoints }) => ({ rows: await benchStorage(endpoints) }),
  },
  invites: {
    about: "Invites: 13 rounds of batches of 10,000, from 200,000 and from 20,000 who wait.",
    run: async ({ endpoints }) => ({ rows: await benchAllocation(endpoints) }),
  },
  streams: {
    about: "Streams: 2,000, and 5 changes to all of them.",
    run: async ({ endpoints }) => ({ rows: [], words: await benchStreams(endpoints.redis) }),
  },
  latency: {
    about: "Latency: 5 rounds of 8 s at 200 signups a second.",
    run: benchLatency,
  },
  redemptions: {
    about: "Redemptions: 5 rounds of 6 s at 25 redemptions a second.",
    run: benchRedemptions,
  },
  mails: {
    about: "Mails: 7 rounds of 3,000, and a queue of 100,000.",
    run: async ({ endpoints }) => benchMails(endpoints.mongodb),
  },
};
