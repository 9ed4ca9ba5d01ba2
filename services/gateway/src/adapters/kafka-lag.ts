// How far each consumer group is behind, as Kafka has it.
import { eventsTopic, GROUPS, ProblemError } from "@waitlist/contracts";
import type { LagReader } from "@waitlist/kafka";
import type { Clock, LagReads } from "../ports.ts";

/** Operators and scrapers ask every few seconds, each gateway for itself: one reading serves all of a second. */
const SHARED_MS = 1000;
/** Whoever scrapes waits 10 s, most often. */
const READ_WITHIN_MS = 4000;
const RETRY_AFTER_S = 2;

/** `now` never goes back; `clock` is what ages are measured by. Both in milliseconds. */
export function createKafkaLag(
  reader: Pick<LagReader, "read">,
  {
    topicPrefix,
    clock,
    now = () => performance.now(),
  }: { topicPrefix: string; clock: Clock; now?: () => number },
): LagReads {
  const groups = Object.values(GROUPS).map((group) => `${topicPrefix}${group}`);
  const topic = eventsTopic(1, topicPrefix).name;
  let latest: { reading: ReturnType<LagReads["read"]>; since: number } | null = null;

  const read = async () => {
    const lags = await atMost(READ_WITHIN_MS, reader.read(groups, topic)).catch((cause: unknown) => {
      throw new ProblemError("unavailable", "Kafka does not say how far its readers are.", {
        retryAfter: RETRY_AFTER_S,
        cause,
      });
    });
    const at = clock();
    const items = lags.map(({ end, committed, oldestAt, ...lag }) => ({
      ...{ group: lag.group, topic: lag.topic, partition: lag.partition },
      ...{ endOffset: end, committedOffset: committed, lag: lag.lag },
      // The broker's clock may be ahead of ours.
      oldestAgeMs: oldestAt === null ? 0 : Math.max(0, at - oldestAt),
    }));
    return { at: new Date(at).toISOString(), items };
  };

  return {
    read: () => {
      if (!latest || now() - latest.since >= SHARED_MS) latest = { reading: read(), since: now() };
      return latest.reading;
    },
  };
}

/** The work goes on when its time is over: the reader ends it by limits of its own. */
async function atMost<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
