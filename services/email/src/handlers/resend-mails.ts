// Sends again what an admin asked for, once for each request, however often its record is read.
import { kindOf } from "../domain/mail.ts";
import type { RecipientEntry } from "../domain/recipient.ts";
import { isWorthSending, type ResendRequest } from "../domain/resend.ts";
import type { Resends, StoredMail } from "../ports.ts";
import type { MailMetrics } from "../sending/metrics.ts";

export type ResendMails = (
  request: ResendRequest,
  history: { heartbeat(): Promise<void> },
) => Promise<string[]>;

/**
 * Queues again what the request is about: mails that failed or may not have arrived, as they are now, of places that are
 * still open. Returns their ids. Throws on an outage of the database; a repetition then goes on where it was left off.
 */
export function createResendMails(deps: {
  ledger: Resends;
  recipients: (entryIds: string[]) => Promise<Map<string, RecipientEntry>>;
  metrics: Pick<MailMetrics, "count">;
}): ResendMails {
  const { ledger, recipients, metrics } = deps;

  async function resend(mails: StoredMail[], { resent, wanted }: ResendRequest): Promise<string[]> {
    if (mails.length === 0) return [];
    const entries = await recipients([...new Set(mails.map(({ entryId }) => entryId))]);
    const worth = mails.filter((mail) => isWorthSending(mail, resent, entries.get(mail.entryId)));
    if (worth.length === 0) return [];
    const ids = worth.map(({ id }) => id);
    return ledger.resend(ids, resent, "selection" in wanted ? wanted.selection.status : null);
  }

  return async (request, { heartbeat }) => {
    const { waitlistId, wanted } = request;
    const queued: string[] = [];
    for await (const mails of ledger.resendable(waitlistId, wanted)) {
      queued.push(...(await resend(mails, request)));
      await heartbeat();
    }
    for (const [kind, ids] of Map.groupBy(queued, kindOf)) metrics.count(kind, "resent", ids.length);
    return queued;
  };
}
