// One connection's work: a mail is written, handed to the server, its outcome recorded; then the next one.
import type { Logger } from "@waitlist/runtime";
import { type Attempt, attemptOf } from "../domain/attempt.ts";
import type { Letter } from "../domain/letters/letter.ts";
import type { ClaimedMail, Mail } from "../domain/mail.ts";
import type { Reader } from "../domain/recipient.ts";
import { isTooLate } from "../domain/reminder.ts";
import { type Delivery, type Failure, judge, type RetryRules, type Verdict } from "../domain/verdict.ts";
import type { MailLedger, MailTransport, Outcome } from "../ports.ts";
import { type Suppressed, suppression, withAddress } from "./endings.ts";
import type { Assignment } from "./intake.ts";
import type { Compose } from "./letter-writer.ts";
import type { MailMetrics } from "./metrics.ts";
import { type Patience, waitAfterFailure } from "./patience.ts";
import type { ServerWatch } from "./server-watch.ts";
import { inDeliverySpan } from "./trace-delivery.ts";

export interface DeliverOptions {
  ledger: Pick<MailLedger, "begin" | "settle">;
  transport: Pick<MailTransport, "send">;
  compose: Compose;
  watch: Pick<ServerWatch, "confirm">;
  rules: RetryRules;
  /** How long a mail may be between its first byte and the server's answer, in milliseconds. */
  sendingLeaseMs: number;
  /** A mail goes back into the queue, due after this many milliseconds. */
  onRetry: (id: string, delayMs: number) => void;
  /** It is recorded that an address takes no mail. */
  onUndeliverable: () => void;
  metrics: MailMetrics;
  patience: Patience;
  clock: () => number;
  random: () => number;
  log: Pick<Logger, "warn">;
  stop: AbortSignal;
}

export interface Courier {
  /**
   * Sends one mail. Never throws: whatever happens to a mail is recorded, or found by the next sender when the lease
   * runs out. That the server took it may not be recorded yet on return; the next mail doesn't begin before it is.
   */
  deliver(assignment: Assignment): Promise<void>;
  /** Until everything is recorded, or given up at the stop. */
  rest(): Promise<void>;
}

/** What is to become of a mail, and what was tried. */
interface Tried {
  verdict: Verdict | Suppressed;
  attempt?: Attempt | null;
}

/** One for each connection: a kill leaves one mail at most of which nobody knows whether it arrived. */
export function createCourier(options: DeliverOptions): Courier {
  const { ledger, transport, metrics, log } = options;
  /** Of the mail before, until it is known to be recorded. */
  let last: Outcome | undefined;
  const recordings = new Set<Promise<void>>();

  async function tryOnce(assignment: Assignment): Promise<Tried> {
    const { mail, address, reader } = assignment;
    if (address === null || isTooLate(mail, options.clock())) return { verdict: suppression(assignment) };
    const letter = await write(mail, address, reader);
    if (letter === null) return unwritable(mail);
    const delivery = await inDeliverySpan(mail, () => transport.send(letter, () => begin(mail)));
    // At the stop, connections are dropped by us: nobody's fault.
    const isServerThere =
      delivery.kind !== "unreached" || (!options.stop.aborted && (await options.watch.confirm()));
    note(delivery, mail);
    const rules = { isServerThere, random: options.random(), rules: options.rules };
    return {
      verdict: judge(delivery, mail.attempts, rules),
      attempt: attemptOf(delivery, options.clock()),
    };
  }

  /** Judged once more at the last moment: a slow server may have taken the rest of the mail's time. */
  async function begin(mail: ClaimedMail): Promise<boolean> {
    if (isTooLate(mail, options.clock())) return false;
    return ledger.begin(mail, options.sendingLeaseMs, last);
  }

  /** Null where no letter can be made of it: it must not keep the others from being sent. */
  async function write(mail: Mail, address: string, reader?: Reader): Promise<Letter | null> {
    try {
      return await options.compose(mail, address, reader);
    } catch (err) {
      log.warn({ err, mail: mail.id }, "a mail could not be written");
      return null;
    }
  }

  function unwritable({ attempts }: ClaimedMail): Tried {
    const failure: Failure = { cause: "ECOMPOSE" };
    const rules = { isServerThere: true, random: options.random(), rules: options.rules };
    return {
      verdict: judge({ kind: "refused", permanent: false, failure }, attempts, rules),
      attempt: { at: options.clock(), outcome: "unwritable", ...failure },
    };
  }

  function note(delivery: Delivery, mail: Mail): void {
    if ("failure" in delivery) {
      log.warn({ mail: mail.id, outcome: delivery.kind, ...delivery.failure }, "a mail was not taken");
    }
  }

  /** The outcome is known only here: it is written for as long as the database takes to come back. */
  async function record(outcome: Outcome): Promise<boolean> {
    for (let failures = 1; ; failures++) {
      try {
        await ledger.settle(outcome);
        return true;
      } catch (err) {
        if (failures === 1) log.warn({ err, mail: outcome.mail.id }, "a mail's outcome is not recorded yet");
        if (options.stop.aborted && failures > 1) return false;
        await waitAfterFailure(failures, options.patience, options.stop);
      }
    }
  }

  /** The server took it: the connection goes on, and the next mail's beginning takes this along if it comes first. */
  function recordAside(mail: ClaimedMail, tried: Pick<Outcome, "attempt">): void {
    const outcome: Outcome = { mail, settlement: { state: "sent" }, ...tried };
    last = outcome;
    const takenAt = options.clock();
    const recording = record(outcome).then((isRecorded) => {
      if (isRecorded) metrics.sent(mail, takenAt);
      if (last === outcome) last = undefined;
      recordings.delete(recording);
    });
    recordings.add(recording);
  }

  /** A final refusal may say that the address takes no mail at all; that is recorded with it. */
  async function recordEnd(outcome: Outcome): Promise<void> {
    const { mail, settlement } = outcome;
    if (!(await record(outcome))) return;
    metrics.count(mail.kind, settlement.state);
    if (settlement.state !== "failed" || !settlement.undeliverable) return;
    metrics.count(mail.kind, "undeliverable");
    options.onUndeliverable();
  }

  async function deliver(assignment: Assignment): Promise<void> {
    const { mail } = assignment;
    const { verdict, attempt } = await tryOnce(assignment);
    const tried = attempt ? { attempt } : {};
    if (verdict.state === "left-alone") return;
    if (verdict.state === "sent") return recordAside(mail, tried);
    if (verdict.state !== "queued") {
      return recordEnd({ mail, settlement: withAddress(verdict, options.clock()), ...tried });
    }
    const { delayMs, ...again } = verdict;
    const settlement = { ...again, notBefore: options.clock() + delayMs };
    const isRecorded = await record({ mail, settlement, ...tried });
    metrics.count(mail.kind, "retried");
    if (isRecorded) options.onRetry(mail.id, delayMs);
  }

  return {
    deliver,
    rest: async () => {
      await Promise.all(recordings);
    },
  };
}
