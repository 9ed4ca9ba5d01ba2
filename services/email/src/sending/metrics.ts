import { Counter, Gauge, measureEndToEnd, type Registry } from "@waitlist/runtime";
import {
  type ClaimedMail,
  isSentAtOnce,
  MAIL_KINDS,
  MAIL_STATES,
  type MailKind,
  type MailState,
} from "../domain/mail.ts";

/** What is counted beside the states of the ledger. */
const HAPPENINGS = ["retried", "resent", "undeliverable"] as const;

export interface MailMetrics {
  /**
   * `retried`: it went back into the queue after an attempt; `resent`: it did because an admin asked for it;
   * `undeliverable`: it showed that its address takes no mail.
   */
  count(kind: MailKind, state: MailState | (typeof HAPPENINGS)[number], howMany?: number): void;
  /** The mail server took it, at `now` in milliseconds. */
  sent(mail: ClaimedMail, now: number): void;
}

/** What became of mails. */
export function createMailMetrics(registry: Registry): MailMetrics {
  const mails = new Counter({
    name: "waitlist_mails_total",
    help: "Mails by kind and the state that they came to.",
    labelNames: ["kind", "state"] as const,
    registers: [registry],
  });
  // `increase` sees nothing of a series that is born with its first mail.
  for (const kind of MAIL_KINDS) {
    for (const state of [...MAIL_STATES, ...HAPPENINGS]) mails.inc({ kind, state }, 0);
  }
  const endToEnd = measureEndToEnd(registry);
  return {
    count: (kind, state, howMany = 1) => mails.labels(kind, state).inc(howMany),
    sent: (mail, now) => {
      mails.labels(mail.kind, "sent").inc();
      if (isSentAtOnce(mail)) endToEnd("mailed", mail.causedAt, now);
    },
  };
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
