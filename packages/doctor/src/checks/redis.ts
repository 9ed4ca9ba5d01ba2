// Redis: there, and throwing nothing away by itself.
import { connectRedis, type RedisConnection } from "@waitlist/redis";
import { about, type Finding } from "@waitlist/runtime";
import { examineClock } from "./clock.ts";
import { silentLog } from "./silent-log.ts";

const ANSWER_WITHIN_MS = 3000;

export async function checkRedis({ REDIS_URL }: { REDIS_URL: string }): Promise<Finding[]> {
  const { right, wrong } = about("Redis");
  const connection = connectRedis(REDIS_URL, { log: silentLog });
  try {
    if (!(await isReady(connection))) {
      return [
        wrong(
          "it doesn't answer: signups go on, but status pages are slower, and limits count each gateway by itself.",
          "Is it running, and is REDIS_URL right?",
        ),
      ];
    }
    const { client } = connection;
    const asked = Date.now();
    const [seconds, microseconds] = await client.time();
    const theirs = Number(seconds) * 1000 + Number(microseconds) / 1000;
    const clock = examineClock("Redis", { asked, answered: Date.now(), theirs, grainMs: 1 });
    return [right("it answers."), clock, examinePolicy(await client.info("memory"))];
  } finally {
    await connection.close();
  }
}

function isReady(connection: RedisConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), ANSWER_WITHIN_MS);
    connection.onReady(() => {
      clearTimeout(late);
      resolve(true);
    });
  });
}

/** `memory` is the section of that name of Redis's INFO. */
export function examinePolicy(memory: string): Finding {
  const { right, wrong, open } = about("Redis maxmemory-policy");
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy === undefined) return open("the server doesn't say which it has.");
  if (policy === "noeviction") return right("noeviction: nothing is thrown away unasked.");
  return wrong(
    `${policy}: where memory is short, status pages, limits and used challenges are forgotten one by one, unnoticed.`,
    "Set it: redis-cli config set maxmemory-policy noeviction, and in redis.conf.",
  );
}
