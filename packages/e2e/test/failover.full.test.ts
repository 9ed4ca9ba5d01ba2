// Three brokers, of which two must have a record before it counts; kill -9 of the leader, and of the next one, while
// people sign up. What clients see of it is printed.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KafkaCluster, startKafkaCluster } from "@waitlist/backing";
import { type Api, createApi, type System, startSystem } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assertMails, assertOrder, settledEntries } from "./support/account.ts";
import { type Load, startLoad } from "./support/load.ts";
import { readOrder } from "./support/log-reader.ts";
import { type MailSink, startMailSink } from "./support/mail-sink.ts";
import { runAudit } from "./support/order-audit.ts";
import { inSync, makeUnsafe, replicasOf } from "./support/replicas.ts";

const LIST = "failover";
const ALL = [1, 2, 3];
/** Signups between two events. */
const STEP = 80;
const INVITES = 50;
/** Some 40 a second, however long a broker takes to come back: this machine has to start it, and to send the mails. */
const LOAD = { count: Number.POSITIVE_INFINITY, concurrency: 5, restMs: 110 };
/** Brokers here miss a dead one after 2 s, and then choose a controller and leaders; the rest is for a slow machine. */
const LONGEST_PAUSE_MS = 30_000;

let home: string;
let cluster: KafkaCluster;
let system: System;
let sink: MailSink;
let api: Api;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-failover-"));
  sink = await startMailSink();
  cluster = await startKafkaCluster({ home: join(home, "cluster"), env: process.env });
  const env = {
    ...process.env,
    KAFKA_BROKERS: cluster.brokers,
    SMTP_URL: sink.url,
    MAIL_LEASE_MS: "4000",
    RATE_LIMIT: "off",
  };
  system = await startSystem({ home, mode: "auto", env });
  api = createApi(system.endpoints.gateway, system.endpoints.adminKey);
});

afterAll(async () => {
  await system?.stop();
  await cluster?.stop();
  await sink?.stop();
  await rm(home, { recursive: true, force: true });
});

async function startList(waitlistId: string): Promise<void> {
  const { status } = await api.defineList(waitlistId, { name: waitlistId, revealPosition: "on-signup" });
  expect(status).toBe(201);
}

/** Waits until so many more were accepted. */
async function acceptedMore(load: Load, count: number): Promise<void> {
  const wanted = load.accepted() + count;
  await eventually(() => assert.ok(load.accepted() >= wanted, `${load.accepted()} of ${wanted}`), 90_000);
}

/** Kills the broker that leads the list's partition, lets people sign up without it, and starts it again. */
async function loseLeader(load: Load, meanwhile: () => Promise<void>): Promise<number> {
  const { leader } = await replicasOf(cluster.brokers, LIST);
  const [since, refused] = [performance.now(), load.refusals.get(503) ?? 0];
  await cluster.kill(leader);
  await acceptedMore(load, STEP);
  await meanwhile();
  const pause = Math.round(load.longestPauseMs(since));
  const others = (load.refusals.get(503) ?? 0) - refused;
  console.log(`leader killed: nobody was accepted for ${pause} ms, ${others} answers of 503`);
  await cluster.start(leader);
  await inSync(cluster.brokers, LIST, ALL);
  await acceptedMore(load, STEP);
  return leader;
}

test("nothing accepted is lost or moved when the leader is killed, comes back, and the next one is killed", async () => {
  await startList(LIST);
  await inSync(cluster.brokers, LIST, ALL);
  const load = startLoad(system, { waitlistId: LIST, ...LOAD });
  await acceptedMore(load, STEP);
  const since = performance.now();
  const first = await loseLeader(load, () =>
    eventually(async () => assert.equal((await api.invite(LIST, INVITES, "first")).status, 202), 30_000),
  );
  const second = await loseLeader(load, async () => undefined);
  expect(second).not.toBe(first);
  load.stop();
  const accepted = await load.done;
  const pause = Math.round(load.longestPauseMs(since));
  console.log(`${accepted.length} accepted; longest pause ${pause} ms; refused: ${text(load.refusals)}`);

  expect(pause).toBeLessThan(LONGEST_PAUSE_MS);
  expect([...load.refusals.keys()].filter((status) => status !== 503)).toEqual([]);
  const entries = await settledEntries(system, LIST, accepted);
  await assertOrder(system, LIST, entries, accepted);
  const invited = await eventually(async () => {
    const found = (await api.entries(LIST)).filter(({ status }) => status === "invited");
    assert.equal(found.length, INVITES);
    return found;
  }, 60_000);
  expect(invited.map(({ position }) => position)).toEqual(Array.from({ length: INVITES }, (_, i) => i + 1));
  // Neither the sender nor the mail server was killed.
  expect(await assertMails(system, LIST, "welcome", { entries, sink })).toBe(0);
  expect(await assertMails(system, LIST, "invite", { entries: invited, sink })).toBe(0);
  expect(await runAudit(home, LIST)).toMatchObject({ code: 0, err: "" });
});

const text = (refusals: Map<number, number>): string =>
  [...refusals].map(([status, count]) => `${count} with ${status}`).join(", ") || "none";

// The control: the same signups and the same comparison, where one broker's word is enough and one without it may lead.
test("what only one broker had is lost with it, and the comparison says so", async () => {
  const list = "failover-unsafe";
  await startList(list);
  const { leader } = await replicasOf(cluster.brokers, list);
  const follower = ALL.find((id) => id !== leader) ?? 0;
  await makeUnsafe(cluster.brokers, list, [leader, follower]);
  const load = startLoad(system, { waitlistId: list, ...LOAD });
  await acceptedMore(load, 20);
  await cluster.kill(follower);
  await inSync(cluster.brokers, list, [leader]);
  const onBoth = load.accepted();
  await acceptedMore(load, 20);
  load.stop();
  const accepted = await load.done;
  const entries = await settledEntries(system, list, accepted);
  await assertOrder(system, list, entries, accepted);

  await cluster.kill(leader);
  await cluster.start(follower);
  await eventually(
    async () => assert.equal((await replicasOf(cluster.brokers, list)).leader, follower),
    60_000,
  );
  await expect(assertOrder(system, list, entries, accepted)).rejects.toThrow("not the order of the log");
  const order = new Set(await readOrder(cluster.brokers, list));
  const lost = accepted.filter(({ entryId }) => !order.has(entryId));
  expect(lost).toEqual(expect.arrayContaining(accepted.slice(onBoth + LOAD.concurrency)));
});
