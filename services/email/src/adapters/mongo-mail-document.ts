// A mail as it is stored, and how its outcomes change it.
import type { UpdateFilter } from "mongodb";
import type { ClaimedMail, Mail, MailState } from "../domain/mail.ts";
import type { Failure } from "../domain/verdict.ts";
import type { Settlement } from "../ports.ts";

/** Holds nothing personal but the invite's code: the address stays with the recipient. */
export interface MailDocument extends Omit<Mail, "id"> {
  _id: string;
  state: MailState;
  attempts: number;
  queuedAt: number;
  /** Not to be sent earlier; all times in milliseconds since 1970. */
  notBefore: number;
  /** Names who has it, while `claimed` or `sending`. */
  claim?: string;
  leaseUntil?: number;
  /** Names the write that made it `sending`: of several that were written together, it tells which ones began. */
  begun?: string;
  settledAt?: number;
  failure?: Failure;
}

export const NO_CLAIM = { claim: "", leaseUntil: "", begun: "" } as const;

export const toDocument = ({ id, ...mail }: Mail, now: number): MailDocument => ({
  _id: id,
  ...mail,
  state: "queued",
  attempts: 0,
  queuedAt: now,
  notBefore: mail.notBefore ?? now,
});

export function toClaimed(document: MailDocument, claim: string): ClaimedMail {
  const { _id, kind, waitlistId, entryId, joinOffset, position, definitionOffset } = document;
  const { causedAt, attempts, invite, standing } = document;
  return {
    id: _id,
    ...{ kind, waitlistId, entryId, joinOffset, position, definitionOffset, causedAt, attempts, claim },
    ...(invite ? { invite } : {}),
    ...(standing ? { standing } : {}),
  };
}

/** What an outcome writes; whoever had the mail gives it up with it. */
export function settled(settlement: Settlement, now: number): UpdateFilter<MailDocument> {
  switch (settlement.state) {
    case "sent":
      return { $set: { state: "sent", settledAt: now }, $unset: { ...NO_CLAIM, failure: "" } };
    case "suppressed":
      return { $set: { state: "suppressed", settledAt: now }, $unset: { ...NO_CLAIM, invite: "" } };
    case "queued": {
      const { failure, ...again } = settlement;
      return { $set: { ...again, ...(failure ? { failure } : {}) }, $unset: { ...NO_CLAIM, settledAt: "" } };
    }
    default:
      return { $set: { ...settlement, settledAt: now }, $unset: NO_CLAIM };
  }
}
