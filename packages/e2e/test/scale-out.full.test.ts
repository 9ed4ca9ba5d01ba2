// Storage, email and invite with one, two and three instances each, which come and go while people sign up.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, createApi, type System, startSystem } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assertMails, assertOrder, settledEntries } from "./support/account.ts";
import { addCrew, type Crew, killFirstCrew, loseCrew, stopCrew } from "./support/fleet.ts";
import { type GroupWatch, watchGroups } from "./support/groups.ts";
import { listsApart } from "./support/lists-apart.ts";
import { type Accepted, type Load, startLoad } from "./support/load.ts";
import { type LogWriter, openLogWriter } from "./support/log-writer.ts";
import { type MailSink, startMailSink } from "./support/mail-sink.ts";
import { runAudit } from "./support/order-audit.ts";
import { measureThroughput } from "./support/throughput.ts";

/** Each in a partition of its own. */
const LISTS = listsApart("scale", 4);
const STEP = 100;
const INVITES = 10;
/** Some 40 signups a second, to all lists together. */
const LOAD = { count: Number.POSITIVE_INFINITY, concurrency: 2, restMs: 180 };
const IN_FLIGHT = 4;
/** Records for one measurement. */
const BACKLOG = 900;

let home: string;
let system: System;
let sink: MailSink;
let api: Api;
let groups: GroupWatch;
let log: LogWriter;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-scale-"));
  sink = await startMailSink();
  const env = {
    ...process.env,
    SMTP_URL: sink.url,
    SMTP_CONNECTIONS: String(IN_FLIGHT),
    MAIL_LEASE_MS: "4000",
    RATE_LIMIT: "off",
  };
  system = await startSystem({ home, mode: "auto", env });
  api = createApi(system.endpoints.gateway, system.endpoints.adminKey);
  groups = await watchGroups(system.endpoints.kafka);
  log = await openLogWriter(system.endpoints.kafka);
});

afterAll(async () => {
  await log?.close();
  await groups?.close();
  await system?.stop();
  await sink?.stop();
  await rm(home, { recursive: true, force: true });
});

async function defineLists(lists: string[]): Promise<void> {
  for (const list of lists)
    expect((await api.defineList(list, { name: list, revealPosition: "on-signup" })).status).toBe(201);
}

/** Waits until so many more were accepted, all lists together. */
async function acceptedMore(loads: Load[], count: number): Promise<void> {
  const accepted = () => loads.reduce((sum, load) => sum + load.accepted(), 0);
  const wanted = accepted() + count;
  await eventually(() => assert.ok(accepted() >= wanted, `${accepted()} of ${wanted}`), 90_000);
}

async function inviteFromEach(key: string): Promise<void> {
  for (const list of LISTS)
    await eventually(
      async () => assert.equal((await api.invite(list, INVITES, `${key}-${list}`)).status, 202),
      30_000,
    );
}

async function assertList(list: string, accepted: Accepted[]): Promise<number> {
  const entries = await settledEntries(system, list, accepted);
  await assertOrder(system, list, entries, accepted);
  const invited = await eventually(async () => {
    const found = (await api.entries(list)).filter(({ status }) => status === "invited");
    assert.equal(found.length, 2 * INVITES);
    return found;
  }, 60_000);
  expect(invited.map(({ position }) => position)).toEqual(
    Array.from({ length: 2 * INVITES }, (_, index) => index + 1),
  );
  // The controls: one signup less than the list holds, and a mail that came twice.
  await expect(assertOrder(system, list, entries, accepted.slice(1))).rejects.toThrow();
  const twice = { received: () => sink.received().flatMap((mail) => [mail, mail]) };
  await expect(assertMails(system, list, "welcome", { entries, sink: twice })).rejects.toThrow("twice");
  return (
    (await assertMails(system, list, "welcome", { entries, sink })) +
    (await assertMails(system, list, "invite", { entries: invited, sink }))
  );
}

test("nothing is lost, moved or doubled while second and third instances come and go", async () => {
  await defineLists(LISTS);
  await groups.haveMembers(1);
  const loads = LISTS.map((waitlistId) => startLoad(system, { waitlistId, ...LOAD }));
  await acceptedMore(loads, STEP);

  const second = await addCrew(system);
  await inviteFromEach("first");
  await groups.haveMembers(2);
  await acceptedMore(loads, STEP);
  const third = await addCrew(system);
  await groups.haveMembers(3);
  await acceptedMore(loads, STEP);

  await killFirstCrew(system);
  await inviteFromEach("second");
  await acceptedMore(loads, STEP);
  await stopCrew(second);
  await groups.haveMembers(2);
  await acceptedMore(loads, STEP);
  await loseCrew(third);
  await groups.haveMembers(1);
  await acceptedMore(loads, STEP);
  for (const load of loads) load.stop();

  let ambiguous = 0;
  for (const [index, load] of loads.entries()) {
    const accepted = await load.done;
    expect([...load.refusals.keys()].filter((status) => status !== 503)).toEqual([]);
    ambiguous += await assertList(LISTS[index] ?? "", accepted);
  }
  // Two senders were killed.
  expect(ambiguous).toBeLessThanOrEqual(2 * IN_FLIGHT);
  expect(await runAudit(home)).toMatchObject({ code: 0, err: "" });
}, 400_000);

test("the throughput by instances is reported", async () => {
  const lists = listsApart("rate", 12);
  await defineLists(lists);
  const crews: Crew[] = [];
  for (const instances of [1, 2, 3]) {
    if (instances > 1) crews.push(await addCrew(system));
    await groups.haveMembers(instances);
    const round = `round${instances}`;
    const shared = { system, log, groups, sink, lists };
    const rates = await measureThroughput({ ...shared, round, count: BACKLOG });
    const told = Object.entries(rates).map(([what, rate]) => `${what} ${rate}`);
    console.log(`${instances} of each: ${told.join(", ")} a second`);
  }
  const to = sink.received().flatMap((mail) => (/@round\d\./.test(mail.to) ? [mail.to] : []));
  expect(to).toHaveLength(3 * BACKLOG);
  expect(new Set(to).size).toBe(3 * BACKLOG);
  await Promise.all(crews.map(stopCrew));
}, 300_000);
