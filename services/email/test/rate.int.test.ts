// A provider's limits: what waits for the rate's sake is in the queue and not in a sender's hands.
import type { Registry } from "@waitlist/runtime";
import { eventually } from "@waitlist/testing";
import { expect, test } from "vitest";
import type { MailDocument } from "../src/adapters/mongo-mail-document.ts";
import { LATENESS_MS } from "../src/sending/pace.ts";
import { joins } from "./support/people.ts";
import { addressees, counted, countsOf, setStage } from "./support/stage.ts";

const { db, startServer, startService } = setStage("email-rate");
const MAILS = 30;

const attemptsOf = async () =>
  (await db.collection<MailDocument>("mails").find().toArray()).map(({ attempts }) => attempts);

const retriedBy = async (registry: Registry) =>
  (await registry.metrics()).split("\n").filter((line) => line.includes('state="retried"'));

test("a limited sender sends at its rate, and no claim runs out meanwhile, however short the leases", async () => {
  const times: number[] = [];
  const server = await startServer({ atRcpt: async () => void times.push(performance.now()) });
  const service = await startService(server.url, { perSecond: 15, leaseMs: 1000 });
  // The first mail waits for what draws mails to be loaded, which may take longer than its lease.
  await service.apply(joins(1));
  await counted(service, { "welcome sent": 1 });
  const retriedBefore = await retriedBy(service.registry);
  const began = performance.now();
  await service.apply(joins(MAILS));
  const held: number[] = [];
  await eventually(async () => {
    const counts = await countsOf(service);
    held.push(counts["welcome claimed"] ?? 0);
    expect(counts).toEqual({ "welcome sent": MAILS });
  });
  // A quarter of a second's worth, and one for each connection that has begun.
  expect(Math.max(...held)).toBeLessThanOrEqual(3 + 4);
  // One was sent before, and as many distances lie between the others as there are of them, less one.
  const leastMs = ((MAILS - 2) / 15) * 1000 - LATENESS_MS;
  expect((times.at(-1) ?? 0) - began).toBeGreaterThanOrEqual(leastMs);
  expect(new Set(addressees(server)).size).toBe(MAILS);
  expect(server.inbox).toHaveLength(MAILS);
  expect(await attemptsOf()).toEqual(Array(MAILS).fill(0));
  expect(await retriedBy(service.registry)).toEqual(retriedBefore);
});

test("a connection is closed after so many messages, and the mails go on over the next one", async () => {
  const server = await startServer();
  const service = await startService(server.url, { smtp: { connections: 2, messagesPerConnection: 3 } });
  await service.apply(joins(MAILS));
  await counted(service, { "welcome sent": MAILS });
  expect(server.inbox).toHaveLength(MAILS);
  // The last of each of the two may not be full.
  expect(server.connections()).toBeGreaterThanOrEqual(MAILS / 3);
  expect(server.connections()).toBeLessThanOrEqual(MAILS / 3 + 2);
});

test("one that is stopped in the middle gives back what it held at once, and another goes on", async () => {
  const server = await startServer();
  const limits = { perSecond: 20, leaseMs: 60_000 };
  const first = await startService(server.url, limits);
  await first.apply(joins(MAILS));
  await eventually(() => expect(server.inbox.length).toBeGreaterThanOrEqual(6));
  const began = performance.now();
  await first.sender.stop();
  expect(performance.now() - began).toBeLessThan(2000);
  expect(Object.keys(await countsOf(first)).toSorted()).toEqual(["welcome queued", "welcome sent"]);
  const second = await startService(server.url, limits);
  await counted(second, { "welcome sent": MAILS });
  expect(server.inbox).toHaveLength(MAILS);
  expect(new Set(addressees(server)).size).toBe(MAILS);
});
