// A mail as admins see it.
import type { MailView } from "@waitlist/contracts";
import type { StoredMail } from "../ports.ts";
import type { Attempt } from "./attempt.ts";
import { addressFor, type RecipientEntry } from "./recipient.ts";

const isoTime = (ms: number) => new Date(ms).toISOString();

/** With the address that it goes to, for as long as its place is open. */
export function toMailView(mail: StoredMail, entry: RecipientEntry | undefined): MailView {
  const { id: mailId, kind, state: status, entryId, position } = mail;
  const email = addressFor(entry, mail.joinOffset);
  return {
    ...{ mailId, kind, status, entryId, position },
    ...(email === null ? {} : { email }),
    queuedAt: isoTime(mail.queuedAt),
    ...timesOf(mail),
    attempts: mail.tries.map(toAttempt),
    ...(mail.failure ? { failure: mail.failure } : {}),
    ...knownOf(mail),
  };
}

const timesOf = ({ state, notBefore, settledAt }: StoredMail): Pick<MailView, "dueAt" | "sentAt"> => ({
  ...(state === "queued" ? { dueAt: isoTime(notBefore) } : {}),
  ...(state === "sent" && settledAt !== undefined ? { sentAt: isoTime(settledAt) } : {}),
});

const toAttempt = ({ at, ...rest }: Attempt): MailView["attempts"][number] => ({ at: isoTime(at), ...rest });

/** What became known by it, and who asked for it again. */
function knownOf({ undeliverable, resent }: StoredMail): Pick<MailView, "undeliverable" | "resent"> {
  const { at, cause, status } = undeliverable ?? {};
  return {
    ...(at !== undefined && cause !== undefined
      ? { undeliverable: { at: isoTime(at), cause, ...(status === undefined ? {} : { status }) } }
      : {}),
    ...(resent ? { resent: { resendId: resent.resendId, at: isoTime(resent.at), by: resent.by } } : {}),
  };
}
