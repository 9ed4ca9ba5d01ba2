// Redemption: proposed on the log, and answered by what the log made of it.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  attemptIdOf,
  createEvent,
  type InviteState,
  ProblemError,
  type Redemption,
} from "@waitlist/contracts";
import { judgeAttempt, type RedeemedInvite } from "../domain/redemption.ts";
import { EVENT_SOURCE } from "../event-source.ts";
import type { Clock, EventLog, Invites, Storage } from "../ports.ts";
import { unlessAway } from "./unless-away.ts";

export interface RedeemDeps {
  log: EventLog;
  storage: Pick<Storage, "held">;
  invites: Invites;
  clock: Clock;
  /** `ENTRY_ID_SECRET`. */
  secret: string;
  /** Aborted when the service stops: nobody is kept waiting then. */
  stopping: AbortSignal;
  /** How long a decision is waited for, in milliseconds. */
  patienceMs?: number;
}

/** Somebody who came with a code. */
export interface Attempt {
  code: string;
  /** The name of the admin key. */
  by: string;
  /** The `Idempotency-Key`. */
  key: string | undefined;
}

const DECIDED_WITHIN_MS = 8000;
/** How long one look at the invite may wait for its closing, and how long until the next where nobody could be asked. */
const LOOK_MS = 1000;
const POLL_MS = 50;

/**
 * Redeems an invite unless something else has closed it, or will have by this request's place on the log. Throws
 * `ProblemError`: `invite-not-found`; `invite-redeemed`, `-expired`, `-withdrawn` or `-gone` by what closed it;
 * `unavailable` where the answer can't be given: it may or may not have happened, and the same key asks again.
 *
 * The attempt's name is all that a retry needs: nothing is kept in Redis, where an address must not be.
 */
export async function redeemInvite(deps: RedeemDeps, { code, by, key }: Attempt): Promise<Redemption> {
  const found = await deps.invites.find(code);
  if (!found) throw new ProblemError("invite-not-found");
  const { inviteId } = found;
  const attempt =
    key === undefined
      ? `a-${randomUUID()}`
      : attemptIdOf(deps.secret, { inviteId, keyName: by, idempotencyKey: key });
  const before = judgeAttempt(found, attempt);
  // First, so that nothing is redeemed whose answer could not be given.
  const email = await emailOf(deps, found);
  if (!before) await propose(deps, found, attempt, by);
  const { entryId, waitlistId, position, redeemedAt } = before ?? (await decided(deps, code, attempt));
  return { entryId, waitlistId, email, position, redeemedAt };
}

/** Null where it can't be read any more. Throws `ProblemError` `unavailable` where storage has not got so far yet. */
async function emailOf({ storage }: RedeemDeps, { waitlistId, entryId, joinOffset }: InviteState) {
  const { place, person } = await storage.held({ waitlistId, entryId, joinOffset });
  if (!place) throw new ProblemError("unavailable", undefined, { retryAfter: 2 });
  return person?.email ?? null;
}

async function propose({ log, clock }: RedeemDeps, invite: InviteState, attempt: string, by: string) {
  const { waitlistId, entryId, joinOffset, inviteId } = invite;
  const data = { waitlistId, entryId, joinOffset, inviteId, attempt, redeemedBy: by };
  await log.append(createEvent("InviteRedeemed", data, { source: EVENT_SOURCE, at: clock() }));
}

/** What the log made of the attempt, as soon as the invite service has stored it, whichever instance does. */
async function decided(deps: RedeemDeps, code: string, attempt: string): Promise<RedeemedInvite> {
  const { invites, stopping, patienceMs = DECIDED_WITHIN_MS } = deps;
  const deadline = performance.now() + patienceMs;
  for (let left = patienceMs; left > 0 && !stopping.aborted; left = deadline - performance.now()) {
    const invite = await invites.find(code, Math.min(left, LOOK_MS)).catch(unlessAway);
    const redeemed = invite && judgeAttempt(invite, attempt);
    if (redeemed) return redeemed;
    if (!invite) await wait(POLL_MS);
  }
  throw notYet();
}

const notYet = () =>
  new ProblemError(
    "unavailable",
    "It is not decided yet. Ask again with the same Idempotency-Key: whoever was first stays it.",
    { retryAfter: 2 },
  );
