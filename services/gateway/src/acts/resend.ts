// Asking for mails to be sent again: on the log, where the email service reads it and decides.
import { randomUUID } from "node:crypto";
import {
  createEvent,
  type DataOf,
  MailId,
  type MailView,
  ProblemError,
  type ResendAccepted,
  resendIdOf,
} from "@waitlist/contracts";
import { EVENT_SOURCE } from "../event-source.ts";
import type { Clock, EventLog, Mails } from "../ports.ts";

export interface ResendDeps {
  log: EventLog;
  mails: Pick<Mails, "find">;
  clock: Clock;
  /** `ENTRY_ID_SECRET`. */
  secret: string;
}

/** Who asks, and under which `Idempotency-Key`, if under any. */
export interface Asking {
  waitlistId: string;
  requestedBy: string;
  idempotencyKey: string | undefined;
}

const MAIL_ID = new RegExp(String(MailId.pattern));

/** Why a mail was suppressed that can be asked for all the same: its address is known to take none. */
const UNDELIVERABLE = "UNDELIVERABLE";

const isResendable = ({ status, failure }: MailView): boolean =>
  status === "failed" ||
  status === "ambiguous" ||
  (status === "suppressed" && failure?.cause === UNDELIVERABLE);

/** One mail. Throws `ProblemError` `mail-not-found`, `mail-not-resendable` for one that was sent or may still be, 503. */
export async function resendMail(deps: ResendDeps, mailId: string, asking: Asking): Promise<ResendAccepted> {
  const mail = MAIL_ID.test(mailId) ? await deps.mails.find(asking.waitlistId, mailId) : null;
  if (!mail) throw new ProblemError("mail-not-found");
  if (!isResendable(mail)) throw new ProblemError("mail-not-resendable");
  return request(deps, asking, mailId, { mailIds: [mailId] });
}

/** All mails of a status. Throws `ProblemError` 503. */
export const resendMails = (
  deps: ResendDeps,
  selection: NonNullable<DataOf<"MailResendRequested">["selection"]>,
  asking: Asking,
): Promise<ResendAccepted> => request(deps, asking, JSON.stringify(selection), { selection });

/** Derived from the key, so that a repeat is the same request even where Redis has forgotten the key. */
async function request(
  { log, clock, secret }: ResendDeps,
  { waitlistId, requestedBy, idempotencyKey }: Asking,
  what: string,
  wanted: Pick<DataOf<"MailResendRequested">, "mailIds" | "selection">,
): Promise<ResendAccepted> {
  const resendId =
    idempotencyKey === undefined
      ? `m-${randomUUID()}`
      : resendIdOf(secret, { waitlistId, what, idempotencyKey });
  const data = { waitlistId, resendId, ...wanted, requestedBy };
  await log.append(createEvent("MailResendRequested", data, { source: EVENT_SOURCE, at: clock() }));
  return { resendId, status: "resend-requested" };
}
