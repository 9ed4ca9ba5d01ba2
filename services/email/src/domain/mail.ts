// A mail in the ledger: keyed by its cause, so that the same cause never makes a second one.
import { createHash } from "node:crypto";

/**
 * - `confirmation`: asks whoever reads the mailbox to confirm the place; `welcome`: the place is theirs;
 * - `already`: the address was signed up again; `invite`: their turn has come;
 * - `reminder`: their invite is still open, and not for much longer.
 */
export const MAIL_KINDS = ["confirmation", "welcome", "already", "invite", "reminder"] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** How a place stands when its address is signed up again: not confirmed yet, waiting its turn, or invited. */
export type Standing = "pending" | "waiting" | "invited";

/**
 * - `queued`: waits for its turn; `claimed`: a sender has taken it up, until its lease runs out;
 * - `sending`: written before the first byte of the message goes out: from here on it may have arrived;
 * - `sent`: the server took it; `failed`: it refused for good, or too often;
 * - `ambiguous`: nobody can tell whether it arrived, so it is never sent again by itself;
 * - `suppressed`: its place ended before it went out.
 */
export const MAIL_STATES = [
  "queued",
  "claimed",
  "sending",
  "sent",
  "failed",
  "ambiguous",
  "suppressed",
] as const;
export type MailState = (typeof MAIL_STATES)[number];

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

/** Every mail that an invite causes. */
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

/** The kind that a mail's id begins with. */
export function kindOf(id: string): MailKind {
  const kind = MAIL_KINDS.find((each) => id.startsWith(`${each}:`));
  if (!kind) throw new Error("not the id of a mail");
  return kind;
}

/** RFC 5322, 3.6.4: the same in every attempt, so that a receiver can recognise a copy. */
export const messageIdOf = (id: string, host: string): string =>
  `<${createHash("sha256").update(id).digest("hex").slice(0, 40)}@${host}>`;
