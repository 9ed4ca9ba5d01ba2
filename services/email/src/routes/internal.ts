import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  DELIVERY_REPORT_BYTES,
  DeliveryReportResult,
  MailCounts,
  MailParams,
  MailsPage,
  MailsQuery,
  MailView,
  PipedReport,
  ProblemError,
  WaitlistParams,
} from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { toMailView } from "../domain/mail-view.ts";
import type { RecipientEntry } from "../domain/recipient.ts";
import type { MailReads } from "../ports.ts";
import type { ReceiveReport } from "../reports/receive-report.ts";

/** What the answers are made of. */
export interface MailDesk {
  ledger: Pick<MailReads, "counts" | "countUndeliverable" | "find" | "list">;
  recipients: (entryIds: string[]) => Promise<Map<string, RecipientEntry>>;
  receiveReport: ReceiveReport;
}

/** As base64 in JSON. */
const REPORT_BODY_BYTES = Math.ceil(DELIVERY_REPORT_BYTES / 3) * 4 + 1024;

const LIST = "/internal/waitlists/:waitlistId";

/** What the gateway asks about mails, and the reports that it passes on. A list without any mail has no counts. */
export async function internalRoutes(app: FastifyInstance, desk: MailDesk): Promise<void> {
  const { ledger, recipients, receiveReport } = desk;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.post(
    "/internal/delivery-reports",
    { schema: { body: PipedReport, response: { 200: DeliveryReportResult } }, bodyLimit: REPORT_BODY_BYTES },
    async ({ body: { report, reportedBy } }) => receiveReport(Buffer.from(report, "base64"), reportedBy),
  );

  routes.get(
    `${LIST}/mail-counts`,
    { schema: { params: WaitlistParams, response: { 200: MailCounts } } },
    async ({ params: { waitlistId } }) => {
      const counts = await ledger.counts(waitlistId);
      return { waitlistId, counts, undeliverable: await ledger.countUndeliverable(waitlistId) };
    },
  );

  routes.get(
    `${LIST}/mails`,
    { schema: { params: WaitlistParams, querystring: MailsQuery, response: { 200: MailsPage } } },
    async ({ params: { waitlistId }, query }) => {
      const { mails, next } = await ledger.list(waitlistId, query);
      const entries = await recipients([...new Set(mails.map(({ entryId }) => entryId))]);
      return { items: mails.map((mail) => toMailView(mail, entries.get(mail.entryId))), next };
    },
  );

  routes.get(
    `${LIST}/mails/:mailId`,
    { schema: { params: MailParams, response: { 200: MailView } } },
    async ({ params: { waitlistId, mailId } }) => {
      const mail = await ledger.find(waitlistId, mailId);
      if (!mail) throw new ProblemError("mail-not-found");
      return toMailView(mail, (await recipients([mail.entryId])).get(mail.entryId));
    },
  );
}
