// What a batch of invites costs: on a long list against a short one, and against the least that any code would do.
import { createEvent, encodeEvent, inviteCodeOf, inviteIdOf } from "@waitlist/contracts";
import { type Appender, createAppender, ensureTopics } from "@waitlist/kafka";
import { LIST, SECRET } from "./installation.ts";
import { interleave, ratios, summarize } from "./rounds.ts";
import { type Row, silent } from "./table.ts";
import { openWaitingList, topic, type WaitingList } from "./waiting-list.ts";

const INVITES = 10_000;
const SIZES = { long: 200_000, short: 20_000 };
const ROUNDS = 11;
const WARM_UPS = 2;
const PRODUCED_TOGETHER = 500;
const VARIANTS = ["long", "short", "bare long", "bare short"] as const;

/** Seconds of each, and what is said of them. */
export async function benchAllocation({
  kafka,
  mongodb,
}: {
  kafka: string;
  mongodb: string;
}): Promise<Row[]> {
  const connection = { brokers: kafka.split(","), clientId: "bench-allocation", log: silent };
  await ensureTopics(connection, [topic]);
  const appender = createAppender(connection);
  const lists = {
    long: await openWaitingList(mongodb, appender, SIZES.long),
    short: await openWaitingList(mongodb, appender, SIZES.short),
  };
  try {
    const measure = async (variant: (typeof VARIANTS)[number], round: number) => {
      const list = lists[variant.endsWith("long") ? "long" : "short"];
      const took = variant.startsWith("bare")
        ? await inviteBare(list, appender)
        : await list.invite(`b-${round}`, INVITES);
      await list.restore(INVITES);
      return took;
    };
    return rowsOf(await interleave(VARIANTS, ROUNDS, measure, { warmUps: WARM_UPS }));
  } finally {
    for (const list of Object.values(lists)) await list.drop();
    await appender.close();
  }
}

/** The first in order by one query, marked by one update, announced in produces of the same size; no guard, no code kept. */
async function inviteBare({ entries }: WaitingList, appender: Appender): Promise<number> {
  const began = performance.now();
  const first = await entries
    .find({ waitlistId: LIST, status: "waiting" })
    .sort({ position: 1 })
    .limit(INVITES)
    .toArray();
  const highest = first.at(-1)?.position ?? 0;
  await entries.updateMany(
    { waitlistId: LIST, status: "waiting", position: { $lte: highest } },
    { $set: { status: "invited" } },
  );
  const requests = first.map(({ _id: entryId, position }) => {
    const inviteId = inviteIdOf(SECRET, "bare", entryId, position);
    const data = {
      ...{ waitlistId: LIST, entryId, joinOffset: position, inviteId, code: inviteCodeOf(SECRET, inviteId) },
      ...{ batchId: "bare", position, expiresAt: "2026-01-01T00:00:00.000Z" },
    };
    const value = encodeEvent(createEvent("InviteAllocated", data, { source: "/bench", at: 0 }));
    return { topic: topic.name, partition: 0, key: LIST, value };
  });
  for (let at = 0; at < requests.length; at += PRODUCED_TOGETHER) {
    await appender.appendAll(requests.slice(at, at + PRODUCED_TOGETHER));
  }
  return (performance.now() - began) / 1000;
}

function rowsOf(seconds: Record<(typeof VARIANTS)[number], number[]>): Row[] {
  const inSeconds = (variant: (typeof VARIANTS)[number]) =>
    `${summarize(seconds[variant]).median.toFixed(2)} s`;
  const engine = summarize(ratios(seconds["bare long"], seconds["bare short"]));
  const perSecond = (variant: (typeof VARIANTS)[number]) =>
    Math.round(INVITES / summarize(seconds[variant]).median);
  return [
    {
      what: "A batch of 10,000 from 200,000 who wait, over one from 20,000",
      aim: "1.5 or less",
      ratio: summarize(ratios(seconds.long, seconds.short)),
      note: `${inSeconds("long")} over ${inSeconds("short")}; the engine's bare queries: ${engine.median.toFixed(2)} (${engine.min.toFixed(2)}–${engine.max.toFixed(2)})`,
    },
    {
      what: "Invites/s from request to event on the log, over a bare updateMany and batched produce",
      aim: "0.6 or more",
      ratio: summarize(ratios(seconds["bare short"], seconds.short)),
      note: `${perSecond("short")} over ${perSecond("bare short")} a second, from 20,000 who wait`,
    },
  ];
}
