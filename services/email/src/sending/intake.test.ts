import { expect, test } from "vitest";
import type { ClaimedMail } from "../domain/mail.ts";
import { createIdQueue } from "./id-queue.ts";
import { createIntake } from "./intake.ts";

const mail = (id: string, claim: string): ClaimedMail => ({
  ...{ id, kind: "welcome", waitlistId: "first", entryId: id, joinOffset: 0 },
  ...{ position: 1, definitionOffset: null, causedAt: 0, claim, attempts: 0 },
});

test("more are claimed at a time while they are soon handed out, and few again once they aren't", async () => {
  let now = 0;
  const sizes: number[] = [];
  const queue = createIdQueue({ limit: 1000, find: async () => [] });
  queue.offer(Array.from({ length: 300 }, (_, number) => `${number}`));
  const intake = createIntake({
    ledger: {
      claim: async (ids, claim) => {
        sizes.push(ids.length);
        return ids.map((id) => mail(id, claim));
      },
    },
    recipients: async () => new Map(),
    queue,
    batch: { min: 4, max: 32 },
    leaseMs: 16_000,
    patience: { firstMs: 0, maxMs: 0 },
    clock: () => now,
    log: { warn: () => undefined },
    stop: new AbortController().signal,
  });
  const take = async (count: number, msEach: number) => {
    for (let taken = 0; taken < count; taken++) {
      await intake.take();
      now += msEach;
    }
  };
  await take(4 + 8 + 16 + 32 + 32, 1);
  await take(32, 100);
  await take(8, 100);
  expect(sizes).toEqual([4, 8, 16, 32, 32, 32, 4, 8]);
});
