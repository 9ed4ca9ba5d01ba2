// A delivery report comes in: the mail that it is about is found, and marked where its address takes none.
import type { DeliveryReportResult } from "@waitlist/contracts";
import { Counter, type Registry } from "@waitlist/runtime";
import { type ReportParts, readDeliveryReport, showsUndeliverable } from "../domain/delivery-report.ts";
import type { DeliveryReports } from "../ports.ts";

export interface ReceiveDeps {
  reports: DeliveryReports;
  /** Takes a message apart; null where it is no report. */
  readParts: (message: Uint8Array) => Promise<ReportParts | null>;
  registry: Registry;
}

/** What a mail gateway pipes here is answered, whatever it is; throws only on an outage of the ledger. */
export function createReportReceiver({ reports, readParts, registry }: ReceiveDeps) {
  const received = new Counter({
    name: "waitlist_mail_reports_total",
    help: "Delivery reports by what they said, and whether they were about a mail of ours.",
    labelNames: ["action", "matched"] as const,
    registers: [registry],
  });

  async function find(messageIds: string[]): Promise<string | null> {
    for (const messageId of messageIds) {
      const mail = await reports.findByMessageId(messageId);
      if (mail) return mail.id;
    }
    return null;
  }

  return async (message: Uint8Array, reportedBy?: string): Promise<DeliveryReportResult> => {
    const parts = await readParts(message);
    const report = parts && readDeliveryReport(parts);
    if (!report) {
      received.labels("none", "false").inc();
      return { matched: false };
    }
    const { action, status } = report;
    const mailId = await find(report.messageIds);
    if (mailId !== null && showsUndeliverable(report)) {
      const by = reportedBy === undefined ? {} : { reportedBy };
      await reports.reportUndeliverable({ mailId, status, cause: "delivery-report", ...by });
    }
    received.labels(action, String(mailId !== null)).inc();
    return { matched: mailId !== null, action, status };
  };
}

export type ReceiveReport = ReturnType<typeof createReportReceiver>;
