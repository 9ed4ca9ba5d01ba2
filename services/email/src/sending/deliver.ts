// One mail's way out: written, handed to the server, its outcome recorded.
import type { Logger } from "@waitlist/runtime";
import type { Letter } from "../domain/letters/letter.ts";
import type { ClaimedMail, Mail } from "../domain/mail.ts";
import { type Delivery, judge, type RetryRules, type Verdict } from "../domain/verdict.ts";
import type { MailLedger, MailTransport, Settlement } from "../ports.ts";
import type { Assignment } from "./intake.ts";
import type { MailMetrics } from "./metrics.ts";
import { type Patience, waitAfterFailure } from "./patience.ts";
import type { ServerWatch } from "./server-watch.ts";

export interface DeliverOptions {
  ledger: Pick<MailLedger, "begin" | "settle">;
  transport: Pick<MailTransport, "send">;
  compose: (mail: Mail, address: string) => Promise<Letter>;
  watch: Pick<ServerWatch, "confirm">;
  rules: RetryRules;
  /** How long a mail may be between its first byte and the server's answer, in milliseconds. */
  sendingLeaseMs: number;
  /** A mail goes back into the queue, due after this many milliseconds. */
  onRetry: (id: string, delayMs: number) => void;
  metrics: MailMetrics;
  patience: Patience;
  clock: () => number;
  random: () => number;
  log: Pick<Logger, "warn">;
  stop: AbortSignal;
}

/** Never throws: whatever happens to a mail is recorded, or found by the next sender when the lease runs out. */
export function createDeliver(options: DeliverOptions): (assignment: Assignment) => Promise<void> {
  const { ledger, transport, metrics, log } = options;

  async function attempt({ mail, address }: Assignment): Promise<Verdict | { state: "suppressed" }> {
    if (address === null) return { state: "suppressed" };
    const letter = await write(mail, address);
    if (letter === null) return unwritable(mail);
    const delivery = await transport.send(letter, () => ledger.begin(mail, options.sendingLeaseMs));
    // At the stop, connections are dropped by us: nobody's fault.
    const isServerThere =
      delivery.kind !== "unreached" || (!options.stop.aborted && (await options.watch.confirm()));
    note(delivery, mail);
    return judge(delivery, mail.attempts, { isServerThere, random: options.random(), rules: options.rules });
  }

  /** Null where no letter can be made of it: it must not keep the others from being sent. */
  async function write(mail: Mail, address: string): Promise<Letter | null> {
    try {
      return await options.compose(mail, address);
    } catch (err) {
      log.warn({ err, mail: mail.id }, "a mail could not be written");
      return null;
    }
  }

  const unwritable = ({ attempts }: ClaimedMail): Verdict =>
    judge({ kind: "refused", permanent: false, failure: { cause: "ECOMPOSE" } }, attempts, {
      isServerThere: true,
      random: options.random(),
      rules: options.rules,
    });

  function note(delivery: Delivery, mail: Mail): void {
    if ("failure" in delivery) {
      log.warn({ mail: mail.id, outcome: delivery.kind, ...delivery.failure }, "a mail was not taken");
    }
  }

  /** The outcome is known only here: it is written for as long as the database takes to come back. */
  async function record(mail: ClaimedMail, settlement: Settlement): Promise<boolean> {
    for (let failures = 1; ; failures++) {
      try {
        await ledger.settle(mail, settlement);
        return true;
      } catch (err) {
        if (failures === 1) log.warn({ err, mail: mail.id }, "a mail's outcome is not recorded yet");
        if (options.stop.aborted && failures > 1) return false;
        await waitAfterFailure(failures, options.patience, options.stop);
      }
    }
  }

  return async (assignment) => {
    const { mail } = assignment;
    const verdict = await attempt(assignment);
    if (verdict.state === "left-alone") return;
    if (verdict.state !== "queued") {
      if (await record(mail, verdict)) metrics.count(mail.kind, verdict.state);
      return;
    }
    const { delayMs, ...again } = verdict;
    const isRecorded = await record(mail, { ...again, notBefore: options.clock() + delayMs });
    metrics.count(mail.kind, "retried");
    if (isRecorded) options.onRetry(mail.id, delayMs);
  };
}
