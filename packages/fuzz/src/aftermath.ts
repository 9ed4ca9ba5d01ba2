// What has to hold after thousands of requests that mean no good.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { System } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { historyDamage, logDamage, recordsBehind, sumsOf } from "./damage.ts";

const SERVICES = ["gateway", "storage", "email", "invite"] as const;
/** Those that follow the log. */
const FOLLOWERS = ["storage", "email", "invite"] as const;
/** How long they may take to catch up, in milliseconds. */
const CAUGHT_UP_WITHIN_MS = 120_000;

/** What is wrong with the system, one sentence each: nothing, if all is well. */
export async function findDamage({ endpoints }: System, home: string): Promise<string[]> {
  const urls = { gateway: endpoints.gateway, ...endpoints.services };
  const damage = await Promise.all([
    ...SERVICES.map(async (name) => {
      const { status } = await fetch(`${urls[name]}/readyz`);
      return status === 200 ? [] : [`${name} isn't ready: ${status}.`];
    }),
    ...FOLLOWERS.map((name) => followerDamage(name, urls[name])),
    ...SERVICES.map(async (name) =>
      logDamage(name, await readFile(join(home, "logs", `${name}.log`), "utf8")),
    ),
  ]);
  return damage.flat();
}

async function followerDamage(name: string, url: string): Promise<string[]> {
  try {
    const sums = await eventually(async () => {
      const now = sumsOf(await (await fetch(`${url}/metrics`)).text());
      if (recordsBehind(now) !== 0) throw new Error(`${name} is ${recordsBehind(now)} records behind.`);
      return now;
    }, CAUGHT_UP_WITHIN_MS);
    return historyDamage(name, sums);
  } catch (error) {
    return [error instanceof Error ? error.message : `${name} can't be measured.`];
  }
}
