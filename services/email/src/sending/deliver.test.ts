import { expect, test, vi } from "vitest";
import type { ClaimedMail } from "../domain/mail.ts";
import type { MailLedger, Outcome } from "../ports.ts";
import { createCourier } from "./deliver.ts";

const mail = (number: number): ClaimedMail => ({
  ...{ id: `welcome:a:${number}`, kind: "welcome", waitlistId: "first", entryId: "a", joinOffset: number },
  ...{ position: 1, definitionOffset: null, causedAt: 0, claim: "one", attempts: 0 },
});

/** A courier whose server takes everything. */
function start(settle: MailLedger["settle"]) {
  const begin = vi.fn(async (_mail: ClaimedMail, _leaseMs: number, _after?: Outcome) => true);
  const count = vi.fn();
  const courier = createCourier({
    ledger: { begin, settle },
    transport: {
      send: async (_letter, mayBegin) => ((await mayBegin()) ? { kind: "accepted" } : { kind: "withheld" }),
    },
    compose: async ({ id }) => ({ subject: id }) as never,
    watch: { confirm: async () => true },
    rules: { maxAttempts: 1, baseMs: 1 },
    sendingLeaseMs: 1000,
    onRetry: () => undefined,
    metrics: { count },
    patience: { firstMs: 0, maxMs: 0 },
    clock: () => 0,
    random: () => 0,
    log: { warn: () => undefined },
    stop: new AbortController().signal,
  });
  return {
    ...{ begin, count, rest: courier.rest },
    deliver: (number: number) => courier.deliver({ mail: mail(number), address: "a@example.com" }),
  };
}

const sent = (number: number): Outcome => ({ mail: mail(number), settlement: { state: "sent" } });

test("a connection goes on while an outcome is being recorded, and the next mail begins only together with it", async () => {
  const recorded = Promise.withResolvers<void>();
  const { deliver, begin, count, rest } = start(() => recorded.promise);
  await deliver(0);
  await deliver(1);
  expect(begin.mock.calls.map(([, , after]) => after)).toEqual([undefined, sent(0)]);
  expect(count).not.toHaveBeenCalled();
  recorded.resolve();
  await rest();
  expect(count.mock.calls).toEqual([
    ["welcome", "sent"],
    ["welcome", "sent"],
  ]);
  await deliver(2);
  expect(begin.mock.lastCall?.[2]).toBeUndefined();
});

test("an outcome is recorded through an outage, and rest waits for it", async () => {
  const settle = vi.fn(async (_outcome: Outcome) => undefined).mockRejectedValueOnce(new Error("away"));
  const { deliver, count, rest } = start(settle);
  await deliver(0);
  await rest();
  expect(settle.mock.calls).toEqual([[sent(0)], [sent(0)]]);
  expect(count).toHaveBeenCalledTimes(1);
});
