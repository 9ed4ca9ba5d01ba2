import { Counter, Gauge, type Registry } from "@waitlist/runtime";
import type { MailKind, MailState } from "../domain/mail.ts";

export interface MailMetrics {
  /** `retried`: it went back into the queue after an attempt. */
  count(kind: MailKind, state: MailState | "retried", howMany?: number): void;
}

/** What became of mails. */
export function createMailMetrics(registry: Registry): MailMetrics {
  const mails = new Counter({
    name: "waitlist_mails_total",
    help: "Mails by kind and the state that they came to.",
    labelNames: ["kind", "state"] as const,
    registers: [registry],
  });
  return { count: (kind, state, howMany = 1) => mails.labels(kind, state).inc(howMany) };
}

/** How many mails wait here, and whether the mail server is there. */
export function watchQueue(
  registry: Registry,
  read: { waiting: () => number; serverIsUp: () => boolean },
): void {
  new Gauge({
    name: "waitlist_mail_queue",
    help: "Mails that wait in this sender's memory; more may wait in the ledger.",
    registers: [registry],
    collect() {
      this.set(read.waiting());
    },
  });
  new Gauge({
    name: "waitlist_smtp_up",
    help: "1 unless the mail server is known to be away.",
    registers: [registry],
    collect() {
      this.set(read.serverIsUp() ? 1 : 0);
    },
  });
}
