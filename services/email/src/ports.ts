// What the email service needs of the outside, in its own words.
import type { MailCounts, MailState, MailsQuery, WaitlistEvent } from "@waitlist/contracts";
import type { Attempt } from "./domain/attempt.ts";
import type { Letter } from "./domain/letters/letter.ts";
import type { ClaimedMail, Mail, MailKind, Resent } from "./domain/mail.ts";
import type { ResendRequest } from "./domain/resend.ts";
import type { UNDELIVERABLE, Undeliverable } from "./domain/undeliverable.ts";
import type { Delivery, Failure } from "./domain/verdict.ts";

/** How a claimed mail ended, or that it waits for another try. Written only while the claim is held. */
export type Settlement =
  | { state: "sent" }
  | { state: "failed"; attempts: number; failure: Failure; undeliverable?: Undeliverable }
  | { state: "ambiguous"; attempts: number; failure: Failure }
  | { state: "queued"; attempts: number; notBefore: number; failure?: Failure }
  | { state: "suppressed"; failure?: { cause: typeof UNDELIVERABLE } };

/** What became of a mail. */
export interface Outcome {
  mail: ClaimedMail;
  settlement: Settlement;
  /** What was tried, if anything was. */
  attempt?: Attempt;
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
  /**
   * The same because their address takes no mail, as a record at `offset` says: but not those that an admin has asked for
   * after it. They can be asked for again.
   */
  suppressUndeliverable(ids: string[], offset: number): Promise<{ kind: MailKind; count: number }[]>;
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
}

/** A mail as the ledger holds it; times in milliseconds. */
export interface StoredMail extends Mail {
  state: MailState;
  queuedAt: number;
  notBefore: number;
  /** When its state became final, if it is. */
  settledAt?: number;
  /** The newest, oldest first. */
  tries: Attempt[];
  failure?: Failure;
  undeliverable?: Undeliverable;
}

/** What is asked of the ledger. Every method throws on an outage. */
export interface MailReads {
  /** Of this list, or null. */
  find(waitlistId: string, id: string): Promise<StoredMail | null>;
  /** By the Message-ID that it went out with; null where it is none of ours. */
  findByMessageId(messageId: string): Promise<StoredMail | null>;
  /** The newest first; `next` is where the page after this one begins, null at the end. */
  list(waitlistId: string, query: MailsQuery): Promise<{ mails: StoredMail[]; next: string | null }>;
  counts(waitlistId: string): Promise<MailCounts["counts"]>;
  /** How many mails of a list showed that an address takes none. */
  countUndeliverable(waitlistId: string): Promise<number>;
}

/** Sending again. Every method throws on an outage. */
export interface Resends {
  /** The list's mails that a request is about and that can be sent again as they are now, some at a time. */
  resendable(waitlistId: string, wanted: ResendRequest["wanted"]): AsyncIterable<StoredMail[]>;
  /**
   * Queues those again that can be sent again (with `status`: that still are of it) and that neither this request nor a
   * later one has queued before. Returns the ids of those that wait by this request now, whichever reading queued them.
   */
  resend(ids: string[], resent: Resent, status: "failed" | "ambiguous" | null): Promise<string[]>;
}

/** Addresses that take no mail, until the log says so. Every method throws on an outage. */
export interface Undeliverables {
  /** Notes what a report said of a mail; the first thing that is known of it stays. */
  report(id: string, undeliverable: Undeliverable): Promise<"noted" | "known" | "no-such-mail">;
  /** Mails that showed it and whose facts are not on the log yet, as far as is known here. */
  unproposed(limit: number): Promise<(StoredMail & { undeliverable: Undeliverable })[]>;
  /** Their facts are on the log. */
  proposed(ids: string[]): Promise<void>;
}

/** What may become a fact: the log decides. */
export interface Proposals {
  /** Resolves once every fact is on the log for good; throws where it may not be. */
  propose(facts: WaitlistEvent[]): Promise<void>;
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

/** What delivery reports ask of the ledger. Both throw on an outage. */
export interface DeliveryReports {
  /** The mail that was sent under a Message-ID, given with its brackets; null where there is none. */
  findByMessageId(messageId: string): Promise<Pick<Mail, "id"> | null>;
  /**
   * The mail can never arrive: `status` is the report's (RFC 3463, class 5), `cause` a short code of ours. May be repeated:
   * a report that comes twice changes nothing the second time.
   */
  reportUndeliverable(report: {
    mailId: string;
    status: string;
    cause: string;
    /** The name of the admin key that passed it on. */
    reportedBy?: string;
  }): Promise<unknown>;
}
