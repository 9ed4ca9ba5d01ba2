import { eventually } from "@waitlist/testing";
import { expect, test } from "vitest";
import type { ClaimedMail } from "../domain/mail.ts";
import { createIdQueue } from "./id-queue.ts";
import { createIntake } from "./intake.ts";

const mail = (id: string, claim: string): ClaimedMail => ({
  ...{ id, kind: "welcome", waitlistId: "first", entryId: id, joinOffset: 0 },
  ...{ position: 1, definitionOffset: null, causedAt: 0, claim, attempts: 0 },
});

function start(claim: (ids: string[], claim: string) => Promise<ClaimedMail[]>, clock: () => number) {
  const stop = new AbortController();
  const queue = createIdQueue({ limit: 1000, find: async () => [] });
  queue.offer(Array.from({ length: 300 }, (_, number) => `${number}`));
  const intake = createIntake({
    ledger: { claim },
    recipients: async () => new Map(),
    queue,
    batch: { min: 4, max: 32 },
    ahead: true,
    leaseMs: 16_000,
    patience: { firstMs: 0, maxMs: 0 },
    clock,
    log: { warn: () => undefined },
    stop: stop.signal,
  });
  return { intake, stop };
}

test("more are claimed at a time while they are soon handed out, and few again once they aren't", async () => {
  let now = 0;
  const sizes: number[] = [];
  const { intake } = start(
    async (ids, claim) => {
      sizes.push(ids.length);
      return ids.map((id) => mail(id, claim));
    },
    () => now,
  );
  const take = async (count: number, msEach: number) => {
    for (let taken = 0; taken < count; taken++) {
      await intake.take();
      now += msEach;
    }
  };
  await take(4 + 8 + 16 + 32 + 32, 1);
  await take(32, 100);
  await take(8, 100);
  expect(sizes).toEqual([4, 8, 16, 32, 32, 32, 4, 4, 8]);
});

test("the next ones are claimed before those at hand are gone, and given back if the stop comes first", async () => {
  const claims: PromiseWithResolvers<void>[] = [];
  const { intake, stop } = start(
    async (ids, claim) => {
      const answer = Promise.withResolvers<void>();
      claims.push(answer);
      if (claims.length > 1) await answer.promise;
      return ids.map((id) => mail(id, claim));
    },
    () => 0,
  );
  await intake.take();
  expect(claims).toHaveLength(1);
  await intake.take();
  await intake.take();
  await eventually(async () => expect(claims).toHaveLength(2));
  const last = await intake.take();
  expect(last?.mail.id).toBe("3");
  stop.abort();
  const leftOver = intake.leftOver();
  claims[1]?.resolve();
  expect((await leftOver).map(({ id }) => id)).toEqual(["4", "5", "6", "7", "8", "9", "10", "11"]);
  expect(await intake.take()).toBeNull();
});
