// Hands out claimed mails one by one: claims a few at a time, so that a sender's end strands only those, and the next ones
// before those are all handed out, so that no connection waits for the database.
import { randomUUID } from "node:crypto";
import type { Logger } from "@waitlist/runtime";
import { type Addressee, addresseeOf } from "../domain/addressee.ts";
import type { ClaimedMail } from "../domain/mail.ts";
import { type Reader, type RecipientEntry, readerOf } from "../domain/recipient.ts";
import type { MailLedger } from "../ports.ts";
import type { IdQueue } from "./id-queue.ts";
import { type Patience, waitAfterFailure } from "./patience.ts";

/** A claimed mail with the address that it goes to now, if to any, and by what its letter is written. */
export type Assignment = { mail: ClaimedMail; reader?: Reader } & Addressee;

export interface Intake {
  /** The next mail, or null at the stop. Waits for as long as there is none, and through outages of the database. */
  take(): Promise<Assignment | null>;
  /** What was claimed and not handed out, for giving it back; for after the stop. */
  leftOver(): Promise<ClaimedMail[]>;
}

export interface IntakeOptions {
  ledger: Pick<MailLedger, "claim">;
  recipients: (entryIds: string[]) => Promise<Map<string, RecipientEntry>>;
  queue: Pick<IdQueue, "next" | "waitForMore" | "suspectMore" | "offer">;
  /** How many are claimed at a time: few at first, more as long as they are soon sent. */
  batch: { min: number; max: number };
  /** Whether the next ones are claimed while some are at hand: not at a given rate, by which claims would have to wait. */
  ahead: boolean;
  leaseMs: number;
  patience: Patience;
  clock: () => number;
  log: Pick<Logger, "warn">;
  stop: AbortSignal;
}

/** A full batch that is handed out within this part of its lease is followed by one twice as large. */
const SOON = 1 / 16;
/** Of a batch, what is left when the next one is claimed. */
const REFILL_AT = 1 / 2;

export function createIntake(options: IntakeOptions): Intake {
  const { ledger, recipients, queue, clock, log, stop } = options;
  /** In the order in which they were claimed. */
  const claimed: { assignment: Assignment; freshUntil: number }[] = [];
  let batch = options.batch.min;
  let wasFull = false;
  let claimedAt = 0;
  let filling: Promise<void> | null = null;
  let failures = 0;

  /** Large batches cost the database little, but with a slow server their leases would run out. */
  function sizeAt(now: number): number {
    if (now - claimedAt > options.leaseMs * SOON) batch = options.batch.min;
    else if (wasFull) batch = Math.min(options.batch.max, batch * 2);
    return batch;
  }

  async function fill(): Promise<void> {
    const now = clock();
    const size = sizeAt(now);
    const ids = await queue.next(size);
    wasFull = ids.length === size;
    if (ids.length === 0) return queue.waitForMore();
    claimedAt = now;
    try {
      const mails = await ledger.claim(ids, randomUUID(), options.leaseMs);
      // Read after the claim: whoever left before it is seen here, whoever leaves after it loses the claim.
      const entries = await recipients([...new Set(mails.map(({ entryId }) => entryId))]);
      for (const mail of mails) {
        const entry = entries.get(mail.entryId);
        const assignment = { mail, ...addresseeOf(mail, entry), reader: readerOf(entry) };
        claimed.push({ assignment, freshUntil: now + options.leaseMs });
      }
    } catch (error) {
      queue.offer(ids);
      throw error;
    }
  }

  async function fillPatiently(): Promise<void> {
    try {
      await fill();
      failures = 0;
    } catch (err) {
      failures += 1;
      if (failures === 1) log.warn({ err }, "the ledger does not answer; no mail is taken up until it does");
      queue.suspectMore();
      await waitAfterFailure(failures, options.patience, stop);
    }
  }

  /** Claims that grew old are somebody else's by now. */
  function nextFresh(): Assignment | undefined {
    const now = clock();
    for (;;) {
      const next = claimed.shift();
      if (!next || now < next.freshUntil) return next?.assignment;
    }
  }

  const isTimeToFill = (isOneAtHand: boolean) =>
    !isOneAtHand || (options.ahead && claimed.length < batch * REFILL_AT);

  function fillBeside(): Promise<void> {
    filling ??= fillPatiently().finally(() => {
      filling = null;
    });
    return filling;
  }

  return {
    take: async () => {
      while (!stop.aborted) {
        const next = nextFresh();
        // It never rejects.
        const filled = isTimeToFill(next !== undefined) ? fillBeside() : null;
        if (next) return next;
        await filled;
      }
      return null;
    },
    leftOver: async () => {
      await filling;
      return claimed.splice(0).map(({ assignment }) => assignment.mail);
    },
  };
}
