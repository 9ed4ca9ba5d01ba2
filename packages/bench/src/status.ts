// Status reads a second, as a ratio: what it costs that a place is read from Redis.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { StoredEntry } from "@waitlist/contracts";
import autocannon from "autocannon";
import { putIntoRedis, storedPeople, typedTokenOf } from "./people.ts";
import { interleave, ratios, summarize } from "./rounds.ts";
import type { Variant } from "./status-process.ts";
import type { Row } from "./table.ts";

const PEOPLE = 5000;
const CONNECTIONS = 100;
const SECONDS = 3;
const ROUNDS = 7;
const VARIANTS: readonly Variant[] = ["redis", "memory"];

/** A request, and the only right answer to it. */
interface Look {
  path: string;
  authorization: string;
  answer: string;
}

export async function benchStatus(redisUrl: string): Promise<Row[]> {
  const people = storedPeople(PEOPLE);
  const redis = await putIntoRedis(redisUrl, people);
  const gateways = await Promise.all(VARIANTS.map((variant) => startGateway(variant, redisUrl)));
  const urls = Object.fromEntries(VARIANTS.map((variant, index) => [variant, gateways[index]?.url ?? ""]));
  const looks = people.map(lookAt);
  try {
    const samples = await interleave(VARIANTS, ROUNDS, (variant) =>
      readsPerSecond(urls[variant] ?? "", looks, variant),
    );
    return [
      {
        what: "Status reads/s over the same route answering from memory",
        aim: "0.8 or more",
        ratio: summarize(ratios(samples.redis, samples.memory)),
        note: `${Math.round(summarize(samples.redis).median)} over ${Math.round(summarize(samples.memory).median)} a second`,
      },
    ];
  } finally {
    for (const { child } of gateways) child.disconnect();
    await redis.close();
  }
}

async function startGateway(variant: Variant, redisUrl: string) {
  const env = { ...process.env, VARIANT: variant, REDIS_URL: redisUrl, PEOPLE: String(PEOPLE) };
  const child = fork(fileURLToPath(new URL("status-process.ts", import.meta.url)), { env });
  const [url] = (await once(child, "message")) as [string];
  return { child, url };
}

function lookAt(person: StoredEntry): Look {
  const { joinOffset: _, ...shown } = person;
  const authorization = `Bearer ${typedTokenOf(person)}`;
  return { path: `/v1/entries/${person.entryId}`, authorization, answer: JSON.stringify(shown) };
}

/** Looks places up in turn over 100 connections. Any other answer than that person's place fails the benchmark. */
async function readsPerSecond(url: string, looks: Look[], run: string): Promise<number> {
  let next = 0;
  let right = 0;
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        method: "GET",
        setupRequest: (request, context: { answer?: string }) => {
          const { path, authorization, answer } = looks[next++ % looks.length] as Look;
          context.answer = answer;
          return { ...request, path, headers: { authorization } };
        },
        onResponse: (status, body, context: { answer?: string }) => {
          if (status === 200 && body === context.answer) right += 1;
        },
      },
    ],
  });
  const answers = result["2xx"];
  if (right === 0 || right < answers || result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${run}: ${right} right of ${answers}, ${result.non2xx} refused, ${result.errors} errors`,
    );
  }
  return answers / result.duration;
}
