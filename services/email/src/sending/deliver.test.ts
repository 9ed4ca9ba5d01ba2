import { describe, expect, test, vi } from "vitest";
import type { ClaimedMail } from "../domain/mail.ts";
import type { MailLedger, Outcome } from "../ports.ts";
import { createCourier } from "./deliver.ts";

const mail = (number: number): ClaimedMail => ({
  ...{ id: `welcome:a:${number}`, kind: "welcome", waitlistId: "first", entryId: "a", joinOffset: number },
  ...{ position: 1, definitionOffset: null, causedAt: 0, claim: "one", attempts: 0 },
});

/** A courier whose server takes everything. */
function start(settle: MailLedger["settle"], clock = () => 0) {
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
    clock,
    random: () => 0,
    log: { warn: () => undefined },
    stop: new AbortController().signal,
  });
  return {
    ...{ begin, count, courier, rest: courier.rest },
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

describe("a reminder never goes out after its invite has expired", () => {
  const EXPIRES = Date.parse("2026-05-08T17:00:00Z");
  const invite = { code: "ABCD-EFGH-2345", expiresAt: "2026-05-08T17:00:00Z" };
  const reminder: ClaimedMail = { ...mail(0), id: "reminder:i-1", kind: "reminder", invite };

  test("it is suppressed where it is taken up too late", async () => {
    const settle = vi.fn(async () => undefined);
    const { courier, begin, count } = start(settle, () => EXPIRES);
    await courier.deliver({ mail: reminder, address: "a@example.com" });
    expect(begin).not.toHaveBeenCalled();
    expect(settle.mock.calls).toEqual([[{ mail: reminder, settlement: { state: "suppressed" } }]]);
    expect(count.mock.calls).toEqual([["reminder", "suppressed"]]);
  });

  test("it is not begun where the server took too long to let us in", async () => {
    const settle = vi.fn(async () => undefined);
    const clock = vi.fn(() => EXPIRES).mockReturnValueOnce(EXPIRES - 1);
    const { courier, begin } = start(settle, clock);
    await courier.deliver({ mail: reminder, address: "a@example.com" });
    expect(begin).not.toHaveBeenCalled();
    // Whoever takes it up when its claim is over suppresses it.
    expect(settle).not.toHaveBeenCalled();
  });

  test("in time it is sent", async () => {
    const { courier, count } = start(
      async () => undefined,
      () => EXPIRES - 1,
    );
    await courier.deliver({ mail: reminder, address: "a@example.com" });
    await courier.rest();
    expect(count.mock.calls).toEqual([["reminder", "sent"]]);
  });
});
