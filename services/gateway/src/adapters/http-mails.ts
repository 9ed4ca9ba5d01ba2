import type { MailCounts, MailsPage, MailView } from "@waitlist/contracts";
import type { InternalClient } from "@waitlist/runtime";
import type { Mails } from "../ports.ts";
import { queryOf, surely } from "./http-answers.ts";

const of = (waitlistId: string) => `/internal/waitlists/${waitlistId}`;

/** The email service's ledger over internal HTTP. */
export const createHttpMails = (client: InternalClient): Mails => ({
  find: (waitlistId, mailId) => client.get<MailView>(`${of(waitlistId)}/mails/${encodeURIComponent(mailId)}`),
  list: (waitlistId, query) => surely(client.get<MailsPage>(`${of(waitlistId)}/mails${queryOf(query)}`)),
  counts: (waitlistId) => surely(client.get<MailCounts>(`${of(waitlistId)}/mail-counts`)),
});
