import { describe, expect, test, vi } from "vitest";
import type { ClaimedMail } from "../domain/mail.ts";
import type { Delivery } from "../domain/verdict.ts";
import type { MailLedger, Outcome } from "../ports.ts";
import { createCourier } from "./deliver.ts";

const mail = (number: number): ClaimedMail => ({
  ...{ id: `welcome:a:${number}`, kind: "welcome", waitlistId: "first", entryId: "a", joinOffset: number },
  ...{ position: 1, definitionOffset: null, causedAt: 0, claim: "one", attempts: 0 },
});

/** A courier whose server takes everything, unless it answers otherwise. */
function start(settle: MailLedger["settle"], clock = () => 0, answer: Delivery = { kind: "accepted" }) {
  const onUndeliverable = vi.fn();
  const begin = vi.fn(async (_mail: ClaimedMail, _leaseMs: number, _after?: Outcome) => true);
  const count = vi.fn();
  const courier = createCourier({
    ledger: { begin, settle },
    transport: {
      send: async (_letter, mayBegin) => ((await mayBegin()) ? answer : { kind: "withheld" }),
    },
    compose: async ({ id }) => ({ subject: id }) as never,
    watch: { confirm: async () => true },
    rules: { maxAttempts: 1, baseMs: 1 },
    sendingLeaseMs: 1000,
    onRetry: () => undefined,
    onUndeliverable,
    metrics: { count, sent: (taken) => count(taken.kind, "sent") },
    patience: { firstMs: 0, maxMs: 0 },
    clock,
    random: () => 0,
    log: { warn: () => undefined },
    stop: new AbortController().signal,
  });
  return {
    ...{ begin, count, courier, rest: courier.rest, onUndeliverable },
    deliver: (number: number) => courier.deliver({ mail: mail(number), address: "a@example.com" }),
  };
}

const sent = (number: number): Outcome => ({
  ...{ mail: mail(number), settlement: { state: "sent" } },
  attempt: { at: 0, outcome: "accepted" },
});

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

describe("a refusal is recorded", () => {
  const failure = { cause: "EENVELOPE", command: "RCPT TO", replyCode: 550, enhancedCode: "5.1.1" };
  const refused = (permanent: boolean, more = {}): Delivery => ({
    ...{ kind: "refused", permanent },
    failure: { ...failure, ...more },
  });

  test("with the attempt, and in the same write that the address takes no mail", async () => {
    const settle = vi.fn(async (_outcome: Outcome) => undefined);
    const { deliver, count, onUndeliverable } = start(settle, () => 7, refused(true));
    await deliver(0);
    const { replyCode, enhancedCode: status } = failure;
    const undeliverable = { at: 7, cause: "recipient-refused", replyCode, status, source: "smtp" };
    expect(settle.mock.calls).toEqual([
      [
        {
          mail: mail(0),
          settlement: { state: "failed", attempts: 1, failure, undeliverable },
          attempt: { at: 7, outcome: "refused", ...failure },
        },
      ],
    ]);
    expect(onUndeliverable).toHaveBeenCalledTimes(1);
    expect(count.mock.calls).toEqual([
      ["welcome", "failed"],
      ["welcome", "undeliverable"],
    ]);
  });

  test("without a word on the address where it was for now, however often", async () => {
    const settle = vi.fn(async (_outcome: Outcome) => undefined);
    const busy = { replyCode: 451, enhancedCode: "4.2.1" };
    const { deliver, onUndeliverable } = start(settle, () => 7, refused(false, busy));
    await deliver(0);
    expect(settle.mock.lastCall?.[0].settlement).toEqual({
      ...{ state: "failed", attempts: 1 },
      failure: { ...failure, ...busy },
    });
    expect(onUndeliverable).not.toHaveBeenCalled();
  });

  test("and a mail to an address that takes none is suppressed, with the reason", async () => {
    const settle = vi.fn(async (_outcome: Outcome) => undefined);
    const { courier, begin } = start(settle);
    await courier.deliver({ mail: mail(0), address: null, cause: "UNDELIVERABLE" });
    expect(settle.mock.calls).toEqual([
      [{ mail: mail(0), settlement: { state: "suppressed", failure: { cause: "UNDELIVERABLE" } } }],
    ]);
    expect(begin).not.toHaveBeenCalled();
  });
});
