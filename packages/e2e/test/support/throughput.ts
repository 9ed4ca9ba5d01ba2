// How fast the services take what stands on the log already: the gateway's speed has no part in it.
import assert from "node:assert/strict";
import { entryIdOf } from "@waitlist/contracts";
import type { System } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { SCALED } from "./fleet.ts";
import type { GroupWatch } from "./groups.ts";
import type { LogWriter } from "./log-writer.ts";
import type { MailSink } from "./mail-sink.ts";

export interface ThroughputOptions {
  system: Pick<System, "secrets">;
  log: LogWriter;
  groups: GroupWatch;
  sink: MailSink;
  lists: string[];
  /** Names the round: nobody signs up twice. */
  round: string;
  count: number;
}

const WITHIN_MS = 120_000;

/**
 * Puts signups of all lists on the log at once, and waits until they are stored, queued and mailed. Records a second
 * of each service's group, and mails a second, from the write to the last of them.
 */
export async function measureThroughput(options: ThroughputOptions): Promise<Record<string, number>> {
  const { system, log, groups, sink, lists, round, count } = options;
  const mailed = sink.received().length;
  const joins = Array.from({ length: count }, (_, index) => {
    const waitlistId = lists[index % lists.length] ?? "";
    const email = `person${index}@${round}.example.com`;
    const entryId = entryIdOf(system.secrets.ENTRY_ID_SECRET, waitlistId, email);
    return { waitlistId, entryId, email, needsConfirmation: false };
  });
  const since = performance.now();
  await log.putAll("WaitlistJoined", joins);
  const rate = async (what: string, rest: () => number | Promise<number>) => {
    await eventually(async () => assert.equal(await rest(), 0, `${what} is behind`), WITHIN_MS);
    return [what, Math.round((1000 * count) / (performance.now() - since))] as const;
  };
  const rates = await Promise.all([
    ...SCALED.map((name) => rate(name, () => groups.behind(name))),
    rate("mails", () => Math.max(0, mailed + count - sink.received().length)),
  ]);
  return Object.fromEntries(rates);
}
