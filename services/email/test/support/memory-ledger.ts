// The ledger in memory, with the same guards as the one in the database; each can be left out, to show that it is needed.

import { type Attempt, KEPT_ATTEMPTS } from "../../src/domain/attempt.ts";
import { type ClaimedMail, kindOf, type MailState, type Resent } from "../../src/domain/mail.ts";
import { UNDELIVERABLE } from "../../src/domain/undeliverable.ts";
import type { MailLedger, Outcome, Recovered, Resends, StoredMail, Undeliverables } from "../../src/ports.ts";

export interface Weakness {
  /** A mail is begun whoever holds it, and whatever became of it. */
  unguardedBegin?: boolean;
  /** What was being sent when its lease ran out is sent again. */
  resendsBlindly?: boolean;
  /** The outcome of an attempt is written though the mail is somebody else's by now. */
  unguardedSettle?: boolean;
  /** A mail begins though the one before it isn't settled. */
  forgetsForerunner?: boolean;
  /** A request to send again is followed however often it is read. */
  resendsAtEachReading?: boolean;
  /** Whatever state a mail is in, it is sent again where that is asked for. */
  resendsAnything?: boolean;
  /** A refused address takes back what an admin has asked for since. */
  takesBackResent?: boolean;
  /** That an address takes no mail is noted nowhere until the log says so. */
  forgetsUndeliverable?: boolean;
}

type Row = Omit<StoredMail, "notBefore"> & {
  attempts: number;
  notBefore: number;
  claim?: string | undefined;
  leaseUntil?: number | undefined;
  toPropose?: boolean;
};

export interface MemoryLedger extends MailLedger, Resends, Undeliverables {
  rows: Map<string, Row>;
}

export function createMemoryLedger(clock: () => number, weakness: Weakness = {}): MemoryLedger {
  const rows = new Map<string, Row>();
  const all = (ids: string[]) => ids.flatMap((id) => rows.get(id) ?? []);
  const isHeld = (row: Row, states: MailState[], claim: string) =>
    states.includes(row.state) && row.claim === claim;

  const recoverOne = (row: Row): Recovered[] => {
    if (row.leaseUntil === undefined || row.leaseUntil >= clock()) return [];
    const { id, kind, state } = row;
    const to = state === "claimed" || weakness.resendsBlindly ? "queued" : "ambiguous";
    if (to === "queued") row.claim = undefined;
    row.state = to;
    row.leaseUntil = undefined;
    if (to === "ambiguous") tried(row, { at: clock(), outcome: "unanswered", cause: "LEASE" });
    return [{ id, kind, state: to }];
  };

  const tried = (row: Row, attempt: Attempt | undefined) => {
    if (attempt) row.tries = [...row.tries, attempt].slice(-KEPT_ATTEMPTS);
  };

  const settle = ({ mail: { id, claim }, settlement, attempt }: Outcome) => {
    const row = rows.get(id);
    if (!row || !(weakness.unguardedSettle || isHeld(row, ["claimed", "sending", "ambiguous"], claim)))
      return;
    Object.assign(row, settlement, { claim: undefined, leaseUntil: undefined });
    if ("undeliverable" in settlement && !weakness.forgetsUndeliverable) row.toPropose = true;
    tried(row, attempt);
  };

  const suppress = (open: Row[], failure?: { cause: string }) => {
    for (const row of open) {
      Object.assign(row, { state: "suppressed", claim: undefined, leaseUntil: undefined, failure });
    }
    return open.map(({ id }) => ({ kind: kindOf(id), count: 1 }));
  };
  const waiting = (ids: string[]) =>
    all(ids).filter(({ state }) => state === "queued" || state === "claimed");

  const isResendable = ({ state, failure }: Row) =>
    weakness.resendsAnything ||
    state === "failed" ||
    state === "ambiguous" ||
    (state === "suppressed" && failure?.cause === UNDELIVERABLE);
  const isNews = ({ resent }: Row, { offset, resendId }: Resent) =>
    weakness.resendsAtEachReading || !resent || (resent.offset < offset && resent.resendId !== resendId);

  return {
    rows,
    queue: async (mails) =>
      mails.flatMap((mail) => {
        if (rows.has(mail.id)) return [];
        const queuedAt = clock();
        const waits = { state: "queued" as const, attempts: 0, tries: [], queuedAt };
        rows.set(mail.id, { ...mail, ...waits, notBefore: mail.notBefore ?? queuedAt });
        return [mail.id];
      }),
    cancel: async (ids) => suppress(waiting(ids)),
    suppressUndeliverable: async (ids, offset) => {
      const isAskedFor = ({ resent }: Row) => resent !== undefined && resent.offset > offset;
      const rest = waiting(ids).filter((row) => weakness.takesBackResent || !isAskedFor(row));
      return suppress(rest, { cause: UNDELIVERABLE });
    },
    forget: async (ids) => {
      for (const row of all(ids)) delete row.invite;
    },
    claim: async (ids, claim, leaseMs) => {
      const due = all(ids).filter(({ state, notBefore }) => state === "queued" && notBefore <= clock());
      for (const row of due) Object.assign(row, { state: "claimed", claim, leaseUntil: clock() + leaseMs });
      return due.map((row): ClaimedMail => ({ ...row, claim }));
    },
    begin: async ({ id, claim }, leaseMs, after) => {
      if (after && !weakness.forgetsForerunner) settle(after);
      const row = rows.get(id);
      if (!row || !(weakness.unguardedBegin || isHeld(row, ["claimed"], claim))) return false;
      Object.assign(row, { state: "sending", claim, leaseUntil: clock() + leaseMs });
      return true;
    },
    settle: async (outcome) => settle(outcome),
    due: async (limit) =>
      [...rows.values()]
        .filter(({ state, notBefore }) => state === "queued" && notBefore <= clock())
        .slice(0, limit)
        .map(({ id }) => id),
    recover: async () => [...rows.values()].flatMap(recoverOne),
    resendable: async function* (waitlistId, wanted) {
      const ofList = [...rows.values()].filter((row) => row.waitlistId === waitlistId);
      if ("mailIds" in wanted) {
        yield ofList.filter((row) => wanted.mailIds.includes(row.id) && isResendable(row));
        return;
      }
      const { status, kind } = wanted.selection;
      yield ofList.filter((row) => row.state === status && (kind === undefined || row.kind === kind));
    },
    resend: async (ids, resent, status) => {
      const again = all(ids).filter(
        (row) => (status ? row.state === status : isResendable(row)) && isNews(row, resent),
      );
      const queued = { state: "queued", attempts: 0, notBefore: clock(), resent };
      for (const row of again) Object.assign(row, queued, { claim: undefined, leaseUntil: undefined });
      const waits = (row: Row) => row.state === "queued" && row.resent?.offset === resent.offset;
      return all(ids).flatMap((row) => (waits(row) ? [row.id] : []));
    },
    report: async (id, undeliverable) => {
      const row = rows.get(id);
      if (!row) return "no-such-mail";
      if (row.undeliverable) return "known";
      Object.assign(row, { undeliverable, toPropose: true });
      return "noted";
    },
    unproposed: async (limit) =>
      [...rows.values()]
        .flatMap((row) =>
          row.toPropose && row.undeliverable ? [{ ...row, undeliverable: row.undeliverable }] : [],
        )
        .slice(0, limit),
    proposed: async (ids) => {
      for (const row of all(ids)) row.toPropose = false;
    },
  };
}
