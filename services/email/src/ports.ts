// What the email service needs of the outside, in its own words.
import type { MailCounts } from "@waitlist/contracts";
import type { Letter } from "./domain/letters/letter.ts";
import type { ClaimedMail, Mail, MailKind } from "./domain/mail.ts";
import type { Delivery, Failure } from "./domain/verdict.ts";

/** How a claimed mail ended, or that it waits for another try. Written only while the claim is held. */
export type Settlement =
  | { state: "sent" }
  | { state: "failed" | "ambiguous"; attempts: number; failure: Failure }
  | { state: "queued"; attempts: number; notBefore: number; failure?: Failure }
  | { state: "suppressed" };

/** What became of a mail. */
export interface Outcome {
  mail: ClaimedMail;
  settlement: Settlement;
}

/** A lease ran out: whoever held the mail is gone, or too slow. */
export interface Recovered {
  id: string;
  kind: MailKind;
  state: "queued" | "ambiguous";
}

/** The ledger of mails. Every change of state is a compare-and-set; every method throws on an outage. */
export interface MailLedger {
  /** Queues the mails that aren't there yet, and returns their ids; others are left as they are. */
  queue(mails: Mail[]): Promise<string[]>;
  /** Suppresses those that are queued or claimed; says how many that were. */
  cancel(ids: string[]): Promise<{ kind: MailKind; count: number }[]>;
  /** Removes what could say something of a person. */
  forget(ids: string[]): Promise<void>;
  /** Takes up those of the mails that are queued and due, until `leaseMs` from now. */
  claim(ids: string[], claim: string, leaseMs: number): Promise<ClaimedMail[]>;
  /**
   * `claimed` to `sending`: false where the mail isn't ours any more and must not go out. `after`, unless it is
   * settled already, is settled with it, and before it: a mail has not begun unless that is recorded.
   */
  begin(mail: ClaimedMail, leaseMs: number, after?: Outcome): Promise<boolean>;
  /** May be repeated: an outcome that is settled already changes nothing. */
  settle(outcome: Outcome): Promise<void>;
  /** Ids of mails that wait and are due, the longest waiting first. */
  due(limit: number): Promise<string[]>;
  /** Puts back what was claimed under a lease that ran out; what was being sent under one is ambiguous. */
  recover(): Promise<Recovered[]>;
  counts(waitlistId: string): Promise<MailCounts["counts"]>;
}

/** Takes letters to a mail server. */
export interface MailTransport {
  /**
   * Sends one letter; never throws. `begin` is asked when the server has taken the envelope, before the first byte of
   * the message: where it answers false or throws, nothing goes out.
   */
  send(letter: Letter, begin: () => Promise<boolean>): Promise<Delivery>;
  /** Whether the server is there, and lets us in. */
  check(): Promise<boolean>;
  /** Drops the connections, those in use too. */
  close(): void;
}
