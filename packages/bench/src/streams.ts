// What 2,000 open event streams cost a gateway in memory, and how long a change takes to reach all of them.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { StoredEntry } from "@waitlist/contracts";
import autocannon from "autocannon";
import pidusage from "pidusage";
import { LIST } from "./installation.ts";
import {
  type PeopleInRedis,
  partition,
  putIntoRedis,
  recordOf,
  storedPeople,
  typedTokenOf,
} from "./people.ts";
import { summarize } from "./rounds.ts";
import { AT_ONCE, type OpenStream, openAll } from "./watchers.ts";

const PEOPLE = 5000;
const STREAMS = 2000;
const CHANGES = 5;
/** Streams of a list are read again once a second: a change waits for nothing after that, in milliseconds. */
const APART_MS = 1500;
const PATIENCE_MS = 30_000;

/** One line: what streams add to an idle gateway, to a busy one that has many changes to tell, and how long one took. */
export async function benchStreams(redisUrl: string): Promise<string> {
  const people = storedPeople(PEOPLE);
  const watched = people.slice(-STREAMS);
  const redis = await putIntoRedis(redisUrl, people);
  try {
    const idle = await withGateway(redisUrl, async ({ url, memory }) => {
      const before = await memory();
      await openAll(url, watched);
      return (await memory()) - before;
    });
    const times: number[] = [];
    const busy = await withGateway(redisUrl, async ({ url, memory }) => {
      await readPlaces(url, watched);
      const before = await memory();
      const streams = await openAll(url, watched);
      for (let change = 0; change < CHANGES; change += 1) {
        await new Promise((resolve) => setTimeout(resolve, APART_MS));
        times.push(await leave(redis, people, change, streams));
      }
      return (await memory()) - before;
    });
    const { median, min, max } = summarize(times);
    return (
      `${STREAMS} open streams: ${idle.toFixed(0)} MB more than an idle gateway (aim: under 100), ` +
      `${busy.toFixed(0)} MB more than a busy one after ${CHANGES} changes to all of them. ` +
      `A change reached all in ${median.toFixed(0)} ms (${min.toFixed(0)}–${max.toFixed(0)}).`
    );
  } finally {
    await redis.close();
  }
}

interface BenchedGateway {
  url: string;
  /** Resident memory in megabytes, garbage that isn't collected yet included. */
  memory(): Promise<number>;
}

async function withGateway<T>(
  redisUrl: string,
  measure: (gateway: BenchedGateway) => Promise<T>,
): Promise<T> {
  const env = { ...process.env, VARIANT: "redis", REDIS_URL: redisUrl };
  const child = fork(fileURLToPath(new URL("status-process.ts", import.meta.url)), { env });
  const [url] = (await once(child, "message")) as [string];
  try {
    return await measure({
      url,
      memory: async () => (await pidusage(child.pid ?? 0)).memory / 1024 / 1024,
    });
  } finally {
    child.disconnect();
  }
}

/** What every busy process takes is no matter of streams. */
async function readPlaces(url: string, [person]: StoredEntry[]): Promise<void> {
  if (!person) return;
  const headers = { authorization: `Bearer ${typedTokenOf(person)}` };
  const path = `/v1/entries/${person.entryId}`;
  const { non2xx, errors } = await autocannon({
    url: url + path,
    headers,
    connections: AT_ONCE,
    duration: 3,
  });
  if (non2xx + errors > 0) throw new Error("the gateway refused reads");
}

/** The first who is still there leaves; resolves with the milliseconds until everybody has seen it. */
async function leave(
  { readModel }: PeopleInRedis,
  people: StoredEntry[],
  change: number,
  streams: OpenStream[],
): Promise<number> {
  const all = Promise.withResolvers<void>();
  let left = streams.length;
  for (const stream of streams) {
    stream.onEvent = () => {
      left -= 1;
      if (left === 0) all.resolve();
    };
  }
  const offset = people.length + change;
  const late = setTimeout(() => all.reject(new Error(`${left} streams weren't told`)), PATIENCE_MS);
  await readModel.write([recordOf(people[change] as StoredEntry, offset, true)]);
  await readModel.advance(partition, offset, offset + 1);
  const began = performance.now();
  await readModel.announce({ partition, next: offset + 1, changed: [LIST] });
  await all.promise;
  const took = performance.now() - began;
  clearTimeout(late);
  for (const { ahead, events, person } of streams) {
    if (ahead !== person.ahead - change - 1 || events !== change + 2)
      throw new Error("a stream was told otherwise");
  }
  return took;
}
