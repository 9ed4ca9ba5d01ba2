import type { DeliveryReportResult } from "@waitlist/contracts";
import type { InternalClient } from "@waitlist/runtime";
import type { DeliveryReports } from "../ports.ts";
import { surely } from "./http-answers.ts";

/** The email service's reading of delivery reports, over internal HTTP. */
export const createHttpDeliveryReports = (client: Pick<InternalClient, "post">): DeliveryReports => ({
  receive: (message, reportedBy) =>
    surely(
      client.post<DeliveryReportResult>("/internal/delivery-reports", {
        report: Buffer.from(message).toString("base64"),
        reportedBy,
      }),
    ),
});
