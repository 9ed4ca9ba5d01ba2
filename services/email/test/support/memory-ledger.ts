// The ledger in memory, with the same guards as the one in the database; each can be left out, to show that it is needed.

import type { ClaimedMail } from "../../src/domain/mail.ts";
import { kindOf, type Mail, type MailState } from "../../src/domain/mail.ts";
import type { MailLedger, Outcome, Recovered } from "../../src/ports.ts";

export interface Weakness {
  /** A mail is begun whoever holds it, and whatever became of it. */
  unguardedBegin?: boolean;
  /** What was being sent when its lease ran out is sent again. */
  resendsBlindly?: boolean;
  /** The outcome of an attempt is written though the mail is somebody else's by now. */
  unguardedSettle?: boolean;
  /** A mail begins though the one before it isn't settled. */
  forgetsForerunner?: boolean;
}

interface Row extends Mail {
  state: MailState;
  attempts: number;
  notBefore: number;
  claim?: string | undefined;
  leaseUntil?: number | undefined;
}

export interface MemoryLedger extends MailLedger {
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
    return [{ id, kind, state: to }];
  };

  const settle = ({ mail: { id, claim }, settlement }: Outcome) => {
    const row = rows.get(id);
    if (!row || !(weakness.unguardedSettle || isHeld(row, ["claimed", "sending", "ambiguous"], claim)))
      return;
    Object.assign(row, settlement, { claim: undefined, leaseUntil: undefined });
  };

  return {
    rows,
    queue: async (mails) =>
      mails.flatMap((mail) => {
        if (rows.has(mail.id)) return [];
        rows.set(mail.id, { ...mail, state: "queued", attempts: 0, notBefore: mail.notBefore ?? clock() });
        return [mail.id];
      }),
    cancel: async (ids) => {
      const open = all(ids).filter(({ state }) => state === "queued" || state === "claimed");
      for (const row of open)
        Object.assign(row, { state: "suppressed", claim: undefined, leaseUntil: undefined });
      return open.map(({ id }) => ({ kind: kindOf(id), count: 1 }));
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
    counts: async () => [],
  };
}
