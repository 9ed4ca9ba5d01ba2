// Mails a second through the ledger, over nodemailer's pool alone; and what a long queue costs in memory.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { NODE_FLAGS } from "@waitlist/launcher";
import pidusage from "pidusage";
import { interleave, ratios, summarize } from "./rounds.ts";
import type { Order } from "./sender-process.ts";
import type { Row } from "./table.ts";

const MAILS = 3000;
const ROUNDS = 5;
const WARM_UPS = 2;
const QUEUED = 100_000;
/** Of the long queue, how many are sent while memory is looked at. */
const SENT_OF_QUEUE = 3000;
const VARIANTS = ["ledger", "bare"] as const;

const start = async (file: string, env: Record<string, string> = {}) => {
  const execArgv = [...NODE_FLAGS.email];
  const options = { env: { ...process.env, ...env }, execArgv };
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), options);
  const [said] = (await once(child, "message")) as [string];
  return { child, said };
};

export async function benchMails(mongodb: string): Promise<{ rows: Row[]; words: string }> {
  const { child: sink, said: smtp } = await start("mail-sink-process.ts");
  const env = { MONGODB_URL: mongodb, SMTP_URL: smtp };
  const { child: sender } = await start("sender-process.ts", env);
  const { child: longQueue } = await start("sender-process.ts", env);
  try {
    const measure = async (variant: (typeof VARIANTS)[number], round: number) => {
      const database = `bench-mails-${round}`;
      if (variant === "ledger") await answered(sender, { variant: "fill", count: MAILS, database });
      await answered(sender, { variant, count: MAILS, database });
      const took = await sendAll(sender, sink, MAILS);
      const done = once(sender, "message");
      sender.send("end");
      await done;
      return MAILS / took;
    };
    const samples = await interleave(VARIANTS, ROUNDS, measure, { warmUps: WARM_UPS });
    const perSecond = (variant: (typeof VARIANTS)[number]) => Math.round(summarize(samples[variant]).median);
    const row = {
      what: "Mails/s through the ledger, over nodemailer's pool with the same letters",
      aim: "0.8 or more",
      ratio: summarize(ratios(samples.ledger, samples.bare)),
      note: `${perSecond("ledger")} over ${perSecond("bare")} a second, ${MAILS} a round`,
    };
    return { rows: [row], words: await memoryOfQueue({ filler: sender, sender: longQueue, sink }) };
  } finally {
    for (const child of [sender, longQueue, sink]) child.disconnect();
  }
}

async function answered(sender: ChildProcess, order: Order): Promise<void> {
  const said = once(sender, "message");
  sender.send(order);
  await said;
}

/** Seconds from the word until the server has them all. */
async function sendAll(sender: ChildProcess, sink: ChildProcess, count: number): Promise<number> {
  const reached = once(sink, "message");
  sink.send(count);
  const began = performance.now();
  sender.send("go");
  await reached;
  return (performance.now() - began) / 1000;
}

async function memoryOfQueue(by: Record<"filler" | "sender" | "sink", ChildProcess>): Promise<string> {
  const { filler, sender, sink } = by;
  const queue = { count: QUEUED, database: "bench-long-queue" };
  await answered(filler, { variant: "fill", ...queue });
  await answered(sender, { variant: "ledger", ...queue });
  const megabytes = async () => (await pidusage(sender.pid ?? 0)).memory / 1024 / 1024;
  const before = await megabytes();
  await sendAll(sender, sink, SENT_OF_QUEUE);
  const after = await megabytes();
  return (
    `A sender with ${QUEUED} mails queued: ${before.toFixed(0)} MB, ` +
    `${after.toFixed(0)} MB when ${SENT_OF_QUEUE} of them were sent (aim: under 200).`
  );
}
