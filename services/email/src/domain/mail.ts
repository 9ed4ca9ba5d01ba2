// A mail in the ledger: keyed by its cause, so that the same cause never makes a second one.
import { createHash } from "node:crypto";
import { MAIL_KINDS, type MailKind } from "@waitlist/contracts";

/**
 * - `confirmation`: asks whoever reads the mailbox to confirm the place; `welcome`: the place is theirs;
 * - `already`: the address was signed up again; `invite`: their turn has come;
 * - `reminder`: their invite is still open, and not for much longer; `expired`: its time is over.
 */
export { MAIL_KINDS, MAIL_STATES, type MailKind, type MailState } from "@waitlist/contracts";

/** How a place stands when its address is signed up again: not confirmed yet, waiting its turn, or invited. */
export type Standing = "pending" | "waiting" | "invited";

/** The request of an admin that queued a mail again. */
export interface Resent {
  /** Where it stands on the log: no request at or before it queues this mail once more. */
  offset: number;
  resendId: string;
  /** By the broker's clock, in milliseconds. */
  at: number;
  /** The name of the admin key that asked; empty where that could not be read. */
  by: string;
  /** It named the mail, and so goes to an address that takes none, too. */
  byName: boolean;
}

/** What a mail is about: everything that is needed to write it, except the person's address. */
export interface Mail {
  id: string;
  kind: MailKind;
  waitlistId: string;
  entryId: string;
  joinOffset: number;
  position: number;
  /** Offset of the definition that was in force when the mail was caused; null where there was none to read. */
  definitionOffset: number | null;
  /** Time of the record that caused it, in milliseconds: links made from it are the same in every attempt. */
  causedAt: number;
  invite?: { code: string; expiresAt: string };
  /** Not to be sent earlier, in milliseconds; at once where there is none. */
  notBefore?: number;
  /** Of an `already`: how the place stood at its cause. */
  standing?: Standing;
  /** Of an `expired`: the place waits for another invite. */
  requeued?: true;
  /** The request of an admin that queued it again, the last one. */
  resent?: Resent;
  /** The trace of the record that caused it (W3C `traceparent`), if it was traced. */
  trace?: string;
}

/** A mail in a sender's hands. */
export interface ClaimedMail extends Mail {
  /** Names this claim: whoever writes the mail's outcome must still hold it. */
  claim: string;
  /** Refusals so far that may have been temporary. */
  attempts: number;
}

export const welcomeMailId = (entryId: string, joinOffset: number): string =>
  `welcome:${entryId}:${joinOffset}`;

export const inviteMailId = (inviteId: string): string => `invite:${inviteId}`;

export const reminderMailId = (inviteId: string): string => `reminder:${inviteId}`;

export const expiredMailId = (inviteId: string): string => `expired:${inviteId}`;

/** The mails that an invite causes while it is open. */
export const mailsOfInvite = (inviteId: string): string[] => [
  inviteMailId(inviteId),
  reminderMailId(inviteId),
];

export const confirmationMailId = (entryId: string, joinOffset: number): string =>
  `confirmation:${entryId}:${joinOffset}`;

/** `offset` is that of the repeated signup. */
export const alreadyMailId = (entryId: string, offset: number): string => `already:${entryId}:${offset}`;

/** Whether a mail asks for the confirmation of its place, which is pointless once that has been made. */
export const asksForConfirmation = ({ kind, standing }: Pick<Mail, "kind" | "standing">): boolean =>
  kind === "confirmation" || standing === "pending";

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The trace that a record carries, where that is one. */
export function traceIn(headers: Readonly<Record<string, string>> | undefined): Pick<Mail, "trace"> {
  const trace = headers?.traceparent;
  return trace !== undefined && TRACEPARENT.test(trace) ? { trace } : {};
}

/** Whether somebody waits for it from its cause on: not where a time was set for it, or an admin asked for it again. */
export const isSentAtOnce = ({ kind, resent }: Pick<Mail, "kind" | "resent">): boolean =>
  kind !== "reminder" && resent === undefined;

/** The kind that a mail's id begins with. */
export function kindOf(id: string): MailKind {
  const kind = MAIL_KINDS.find((each) => id.startsWith(`${each}:`));
  if (!kind) throw new Error("not the id of a mail");
  return kind;
}

/** What a mail's Message-ID begins with, by which it is found again. */
export const messageKeyOf = (id: string): string =>
  createHash("sha256").update(id).digest("hex").slice(0, 40);

/** RFC 5322, 3.6.4: the same in every attempt, so that a receiver can recognise a copy. */
export const messageIdOf = (id: string, host: string): string => `<${messageKeyOf(id)}@${host}>`;

/** The key in a Message-ID, with or without its angle brackets; null where it isn't one of ours. */
export const messageKeyIn = (messageId: string): string | null =>
  /^<?([0-9a-f]{40})@[^@<>\s]+>?$/.exec(messageId.trim())?.[1] ?? null;
