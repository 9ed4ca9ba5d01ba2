// A mail as it is stored, and how its outcomes change it.
import type { UpdateFilter } from "mongodb";
import { type Attempt, KEPT_ATTEMPTS } from "../domain/attempt.ts";
import { type ClaimedMail, type Mail, type MailState, messageKeyOf } from "../domain/mail.ts";
import type { Undeliverable } from "../domain/undeliverable.ts";
import type { Failure } from "../domain/verdict.ts";
import type { Outcome, StoredMail } from "../ports.ts";

/** Holds nothing personal but the invite's code: the address stays with the recipient. */
export interface MailDocument extends Omit<Mail, "id"> {
  _id: string;
  state: MailState;
  /** How many refusals so far may have been temporary. */
  attempts: number;
  /** Every attempt, the newest `KEPT_ATTEMPTS`. */
  tries: Attempt[];
  queuedAt: number;
  /** Sorts a list's mails by the time that they were queued at; no two have the same. */
  order: string;
  /** What its Message-ID begins with. */
  messageKey: string;
  /** Not to be sent earlier; all times in milliseconds since 1970. */
  notBefore: number;
  /** Names who has it, while `claimed` or `sending`. */
  claim?: string;
  leaseUntil?: number;
  /** Names the write that made it `sending`: of several that were written together, it tells which ones began. */
  begun?: string;
  settledAt?: number;
  failure?: Failure;
  /** It showed that its address takes no mail. */
  undeliverable?: Undeliverable;
  /** The log may not have been told of that. Never false: whatever is looked for has it. */
  toPropose?: true;
}

export const NO_CLAIM = { claim: "", leaseUntil: "", begun: "" } as const;

export const toDocument = ({ id, ...mail }: Mail, now: number): MailDocument => ({
  _id: id,
  ...mail,
  state: "queued",
  attempts: 0,
  tries: [],
  queuedAt: now,
  order: `${String(now).padStart(15, "0")}.${id}`,
  messageKey: messageKeyOf(id),
  notBefore: mail.notBefore ?? now,
});

export function toClaimed(document: MailDocument, claim: string): ClaimedMail {
  const { _id, kind, waitlistId, entryId, joinOffset, position, definitionOffset } = document;
  const { causedAt, attempts, invite, standing, requeued, resent, trace } = document;
  return {
    id: _id,
    ...{ kind, waitlistId, entryId, joinOffset, position, definitionOffset, causedAt, attempts, claim },
    ...(invite ? { invite } : {}),
    ...(standing ? { standing } : {}),
    ...(requeued ? { requeued } : {}),
    ...(resent ? { resent } : {}),
    ...(trace ? { trace } : {}),
  };
}

export const toStored = ({ _id, tries = [], ...document }: MailDocument): StoredMail => ({
  id: _id,
  tries,
  ...document,
});

/** Adds an attempt to those that are kept. */
export const tried = (attempt: Attempt) => ({
  tries: { $each: [attempt], $slice: -KEPT_ATTEMPTS },
});

/** What an outcome writes; whoever had the mail gives it up with it. */
export function settled(
  outcome: Pick<Outcome, "settlement" | "attempt">,
  now: number,
): UpdateFilter<MailDocument> {
  const { attempt } = outcome;
  return { ...ended(outcome, now), ...(attempt ? { $push: tried(attempt) } : {}) };
}

function ended({ settlement }: Pick<Outcome, "settlement">, now: number): UpdateFilter<MailDocument> {
  switch (settlement.state) {
    case "sent":
      return { $set: { state: "sent", settledAt: now }, $unset: { ...NO_CLAIM, failure: "" } };
    case "suppressed":
      return suppressed(settlement.failure, now);
    case "queued": {
      const { failure, ...again } = settlement;
      return { $set: { ...again, ...(failure ? { failure } : {}) }, $unset: { ...NO_CLAIM, settledAt: "" } };
    }
    case "failed": {
      const toPropose = settlement.undeliverable ? { toPropose: true as const } : {};
      return { $set: { ...settlement, ...toPropose, settledAt: now }, $unset: NO_CLAIM };
    }
    case "ambiguous":
      return { $set: { ...settlement, settledAt: now }, $unset: NO_CLAIM };
  }
}

/** With a reason that an admin may overrule, the mail keeps what it would need. */
export const suppressed = (failure: Failure | undefined, now: number): UpdateFilter<MailDocument> => ({
  $set: { state: "suppressed", settledAt: now, ...(failure ? { failure } : {}) },
  $unset: { ...NO_CLAIM, ...(failure ? {} : { invite: "" }) },
});
