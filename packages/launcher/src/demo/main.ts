// `pnpm demo`: 500 real-looking signups through the whole system, on data of its own, and a table that shows the result.
import { join } from "node:path";
import { type Api, createApi } from "../api.ts";
import { SAMPLE_LIST, sampleDefinition } from "../examples.ts";
import { run } from "../run.ts";
import { say, showEvent } from "../screen.ts";
import { readLag } from "./lag.ts";
import { readMailbox } from "./mailbox.ts";
import { createProgress, until } from "./progress.ts";
import { showReport } from "./report.ts";
import { postSignups } from "./signups.ts";
import { isInvite, judge, repeaters } from "./verdict.ts";

const INVITES = 25;

await run(async ({ settings, start, exit }) => {
  const began = performance.now();
  say("Demo: 500 sample signups on data of their own.");
  // All of them from one address: the gateway would take them for a bot.
  const env = { ...process.env, RATE_LIMIT: "off" };
  const system = await start({ home: join(settings.home, "demo"), fresh: true, env }, showEvent);
  const { gateway, adminKey, mailbox, kafka } = system.endpoints;
  const { web } = mailbox;
  if (!web) throw new Error("The demo counts mails in its own mailbox: leave SMTP_URL unset.");
  const api = createApi(gateway, adminKey);
  const progress = createProgress();
  const { status } = await api.defineList(SAMPLE_LIST, await sampleDefinition());
  if (status !== 201) throw new Error(`The gateway answered ${status} to the sample list.`);

  const posting = performance.now();
  const outcomes = await postSignups(api, (done, of) => progress.show("signing up", done, of));
  const signupsMs = performance.now() - posting;
  const people = new Set(outcomes.flatMap(({ entryId }) => entryId ?? [])).size;
  await until(async () => progress.show("stored", (await api.entries(SAMPLE_LIST)).length, people));
  await inviteFirst(api, progress.show);
  const mails = people + repeaters(outcomes).length + INVITES;
  await until(async () => progress.show("mailed", (await readMailbox(web)).length, mails));
  await until(async () => {
    const invites = (await readMailbox(web)).filter(isInvite);
    return progress.show("invite mails", invites.length, INVITES);
  });
  progress.end();

  const lag = await readLag(kafka);
  const entries = await api.entries(SAMPLE_LIST);
  const results = { outcomes, entries, mails: await readMailbox(web), invites: INVITES };
  const checks = judge(results);
  showReport(results, lag, { signupsMs, totalMs: performance.now() - began }, checks);
  exit(checks.every(({ holds }) => holds) ? 0 : 1);
});

async function inviteFirst(
  api: Api,
  show: (what: string, done: number, of: number) => boolean,
): Promise<void> {
  const { status, body } = await api.invite(SAMPLE_LIST, INVITES, "demo");
  if (status !== 202) throw new Error(`The gateway answered ${status} to the invite batch.`);
  await until(async () => {
    const batch = await api.batch(SAMPLE_LIST, body.batchId);
    return show("inviting", batch.status === 200 ? batch.body.allocated : 0, INVITES);
  });
  await until(async () => {
    const invited = (await api.entries(SAMPLE_LIST)).filter((entry) => entry.status === "invited");
    return invited.length >= INVITES;
  });
}
