import { Registry } from "@waitlist/runtime";
import { expect, test } from "vitest";
import type { ClaimedMail, MailKind, Resent } from "../domain/mail.ts";
import { createMailMetrics } from "./metrics.ts";

const mail = (kind: MailKind, more: { resent?: Resent } = {}): ClaimedMail => ({
  ...{ id: `${kind}:e:1`, kind, waitlistId: "a", entryId: "e", joinOffset: 1, position: 1 },
  ...{ definitionOffset: null, causedAt: 1000, claim: "c", attempts: 0, ...more },
});

test("a mail that was sent counts by its kind, and the time since its cause where somebody waits for it", async () => {
  const registry = new Registry();
  const metrics = createMailMetrics(registry);
  metrics.sent(mail("welcome"), 3000);
  metrics.sent(mail("reminder"), 9_000_000);
  const resent: Resent = { offset: 9, resendId: "r", at: 2000, by: "ops", byName: false };
  metrics.sent(mail("welcome", { resent }), 9_000_000);
  const shown = await registry.metrics();
  expect(shown).toContain('waitlist_mails_total{kind="welcome",state="sent"} 2');
  expect(shown).toContain('waitlist_mails_total{kind="reminder",state="sent"} 1');
  expect(shown).toContain('waitlist_end_to_end_seconds_count{stage="mailed"} 1');
  expect(shown).toContain('waitlist_end_to_end_seconds_sum{stage="mailed"} 2');
});

test("every kind and state is there from the start, at 0, so that the first failure is an increase", async () => {
  const registry = new Registry();
  createMailMetrics(registry);
  const shown = await registry.metrics();
  expect(shown).toContain('waitlist_mails_total{kind="invite",state="failed"} 0');
  expect(shown).toContain('waitlist_mails_total{kind="welcome",state="ambiguous"} 0');
  expect(shown).toContain('waitlist_mails_total{kind="expired",state="undeliverable"} 0');
});

test("a broker whose clock is ahead doesn't make mails arrive before their cause", async () => {
  const registry = new Registry();
  createMailMetrics(registry).sent(mail("welcome"), 500);
  expect(await registry.metrics()).toContain('waitlist_end_to_end_seconds_sum{stage="mailed"} 0');
});
